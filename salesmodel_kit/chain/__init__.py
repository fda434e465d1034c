"""Client to SalesModel: a class per chapter, each on the one before it, computed once and on demand."""

from salesmodel_kit.chain.ground import read_default_assumptions
from salesmodel_kit.chain.model import SalesModel, build_model
from salesmodel_kit.chain.opening import open_model

__all__ = ["SalesModel", "build_model", "open_model", "read_default_assumptions"]
