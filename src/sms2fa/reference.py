"""The reference of the package, from its docstrings: ``python -m sms2fa.reference FOLDER``. Needs the extra dev."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import pkgutil
import sys
import typing
import warnings
import wsgiref.types
from pathlib import Path
from types import ModuleType

import pdoc
import pdoc.extract
import pdoc.render

import sms2fa

_PROGRAMS = {"sms2fa.__main__", "sms2fa.sandbox.__main__", "sms2fa.reference"}


def build(folder: Path) -> None:
    """Write one page for each module, an index, and a search that works without a server."""
    # These names exist for type checkers alone; the standard library has the same ones.
    sys.modules.setdefault("_typeshed", ModuleType("_typeshed"))
    sys.modules.setdefault("_typeshed.wsgi", wsgiref.types)
    for name in modules():
        _resolve_tuples(importlib.import_module(name))
    pdoc.render.configure(docformat="google", footer_text=f"sms2fa {importlib.metadata.version('sms2fa')}")
    with warnings.catch_warnings():
        # The type of a private attribute that only a type checker understands: private ones are not shown.
        warnings.filterwarnings("ignore", r"Error parsing type annotation .* for [\w.]+\._[a-z]\w*:", UserWarning)
        pdoc.pdoc(*_specifications(modules()), output_directory=folder)


def modules() -> list[str]:
    """All modules that are there to be imported, the package first."""
    found = pkgutil.walk_packages(sms2fa.__path__, "sms2fa.")
    return ["sms2fa", *sorted({module.name for module in found} - _PROGRAMS)]


def _specifications(names: list[str]) -> list[str]:
    """What pdoc has to be told to find them all: it goes into some packages by itself, and not twice."""
    told: list[str] = []
    found: set[str] = set()
    for name in names:
        if name not in found:
            told.append(name)
            found |= set(pdoc.extract.walk_specs([name]))
    return told


def _resolve_tuples(module: ModuleType) -> None:
    """Give the constructors of named tuples their types: pdoc looks for the names in the wrong module."""
    for _, tuple_ in inspect.getmembers(module, inspect.isclass):
        if issubclass(tuple_, tuple) and hasattr(tuple_, "_fields"):
            tuple_.__new__.__annotations__.update(typing.get_type_hints(tuple_))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
