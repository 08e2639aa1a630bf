"""Keeps `import openai` from importing types that nobody asks for: 0.35 of its 0.85 s, in a cold start of `answer`.

`openai.types` and the packages below it only re-export names, and by that import 473 modules, of which the client needs
89. Here such a package runs its `__init__` once a name is asked for that is not a module below it.
"""

import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import get_ident
from types import ModuleType
from typing import Any

PACKAGE = "openai.types"


@cache
def defer_types() -> None:
    """Have packages of types that are imported from now on run only when they are needed."""
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find packages of types as usual, to be run later; leave everything else to the other finders."""
        if fullname != PACKAGE and not fullname.startswith(f"{PACKAGE}."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None or spec.submodule_search_locations is None:
            return spec
        spec.loader = _Deferred(spec.loader)
        return spec


class _Deferred(Loader):
    """Loads one package empty, and fills it when it is asked for what it lacks."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._filled = False
        self._filling: set[int] = set()  # threads; a lock could wait for one that waits for the lock of an import

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Have names that are missing looked up: https://peps.python.org/pep-0562/."""

        def missing(name: str) -> Any:
            below = f"{module.__name__}.{name}"
            if name.startswith("__") or self._filled or get_ident() in self._filling:
                raise AttributeError(name)
            if PathFinder.find_spec(below, module.__path__):
                return import_module(below)
            self._fill(module)
            return getattr(module, name)

        module.__getattr__ = missing  # type: ignore[method-assign]

    def _fill(self, module: ModuleType) -> None:
        """Run the package's own code; two threads that do so at once do it twice, with the same names."""
        self._filling.add(get_ident())
        try:
            self._loader.exec_module(module)
            self._filled = True
        finally:
            self._filling.discard(get_ident())
