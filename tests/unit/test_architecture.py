"""Rules of the code that no tool checks: the direction of imports between layers, and imports without effects."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"
SHARED = ROOT / "layers" / "documind" / "python"
SOURCE_FOLDERS = ("functions", "layers", "infra", "local", "cli", "evals", "bench", "web", "tests")
NOT_OURS = {"node_modules", "__pycache__", "cdk.out"}
MAX_LINES = 300

SDK = ("boto3", "botocore", "openai", "opensearchpy")
COMPOSES = {"services"}  # the modules that open the clients of a handler
# Handlers of dead letters need only one or two clients, and open them themselves.
OPENS_ITS_OWN = {"ingest.dead_letter", "erase.dead_letter"}

# What the modules of each layer may not import, except modules of their own layer and LOWEST.
LOWEST = "documind.languages"  # may be imported by every module
FORBIDDEN = {
    "documind.languages": ("documind", *SDK),
    "documind.errors": ("documind", *SDK),
    "documind.ids": ("documind", *SDK),
    "documind.limits": ("documind", *SDK),
    "documind.pages": ("documind", *SDK),
    "documind.settings": ("documind", *SDK),
    "documind.wire": ("documind.settings", "documind.stores", "documind.clients", *SDK),
    "documind.stores": ("documind.clients", "documind.settings", "openai", "opensearchpy"),
    "documind.clients": (),
}


@dataclass(frozen=True)
class Module:
    """A module of the product and its imports, without those under TYPE_CHECKING."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def imports(self) -> set[str]:
        found: set[str] = set()
        for node in _without_types(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.name} imports by a relative name"
                found.add(str(node.module))
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    @property
    def is_handler(self) -> bool:
        return any(isinstance(node, ast.FunctionDef) and node.name == "handler" for node in self.tree.body)


def _without_types(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from _without_types(child)


def _modules(root: Path) -> list[Module]:
    modules = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules.append(Module(name, path, ast.parse(path.read_text())))
    return modules


SHARED_MODULES = _modules(SHARED)
FUNCTION_MODULES = _modules(FUNCTIONS)
MODULES = SHARED_MODULES + FUNCTION_MODULES
HANDLERS = {module.name for module in FUNCTION_MODULES if module.is_handler}


def _is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.fixture(params=MODULES, ids=lambda module: module.name)
def module(request: pytest.FixtureRequest) -> Module:
    found: Module = request.param
    return found


def test_every_function_has_a_known_handler() -> None:
    functions = {path.name for path in FUNCTIONS.iterdir() if path.is_dir() and path.name not in NOT_OURS}
    assert functions == {name.split(".")[0] for name in HANDLERS}


def test_shared_modules_import_lower_layers_only() -> None:
    for module in SHARED_MODULES:
        layer = next((layer for layer in FORBIDDEN if _is_in(module.name, (layer,))), None)
        upwards = {name for name in module.imports if layer and _is_in(name, FORBIDDEN[layer])}
        own = {name for name in upwards if layer and _is_in(name, (layer, LOWEST))}
        assert not upwards - own, f"{module.name} imports {upwards - own}"


def test_shared_modules_import_no_function() -> None:
    functions = tuple(path.name for path in FUNCTIONS.iterdir())
    for module in SHARED_MODULES:
        assert not {name for name in module.imports if _is_in(name, functions)}, module.name


def test_functions_never_import_each_other() -> None:
    functions = {path.name for path in FUNCTIONS.iterdir()}
    for module in FUNCTION_MODULES:
        others = tuple(functions - {module.name.split(".")[0]})
        assert not {name for name in module.imports if _is_in(name, others)}, module.name


def test_the_command_and_the_local_run_do_not_import_each_other() -> None:
    for folder, other in ((ROOT / "local", "documind_cli"), (ROOT / "cli", "local")):
        modules = _modules(folder)
        assert modules
        for module in modules:
            assert not {name for name in module.imports if _is_in(name, (other,))}, module.name


def test_nothing_imports_a_handler() -> None:
    for module in MODULES:
        assert not module.imports & HANDLERS, module.name


def test_only_services_open_clients() -> None:
    for module in FUNCTION_MODULES:
        if module.name.split(".")[-1] not in COMPOSES and module.name not in OPENS_ITS_OWN:
            assert not {name for name in module.imports if _is_in(name, SDK)}, module.name


def test_keys_of_items_are_made_in_one_module() -> None:
    made = re.compile(r"(pk|sk|META|CONN|CLOSED|[A-Z]+#.*)")
    for module in MODULES:
        strings = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)}
        found = {each for each in strings if isinstance(each, str) and made.fullmatch(each)}
        named = {node.arg for node in ast.walk(module.tree) if isinstance(node, ast.keyword)} & {"pk", "sk"}
        assert module.name == "documind.stores.keys" or not found | named, f"{module.name}: {found | named}"


def test_every_module_has_a_docstring_with_a_complete_first_line(module: Module) -> None:
    docstring = ast.get_docstring(module.tree)
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":"))


def test_no_file_is_long() -> None:
    files = [path for folder in SOURCE_FOLDERS for path in (ROOT / folder).rglob("*") if not NOT_OURS & {*path.parts}]
    code = [path for path in files if path.suffix in {".py", ".js", ".css", ".sh"}]
    long = {path.name: lines for path in code if (lines := len(path.read_text().splitlines())) > MAX_LINES}
    assert not long


WATCHED_IMPORT = """
import importlib, os, socket, sys
import boto3

ROOTS = tuple(sys.argv[1:3])
done = []


def by_us():
    frame = sys._getframe(2)
    while frame.f_code.co_filename in {"<frozen os>", "<frozen _collections_abc>", os.__file__}:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(ROOTS)


class Watched(type(os.environ)):
    def __getitem__(self, name):
        if by_us():
            done.append(f"read {name}")
        return super().__getitem__(name)


def opened(*arguments, **_):
    done.append(f"opened {arguments}")


os.environ.__class__ = Watched
boto3.client = boto3.resource = boto3.Session = boto3.session.Session = opened
socket.socket.connect = socket.getaddrinfo = opened
for name in sys.argv[3:]:
    importlib.import_module(name)
    for each in done:
        print(f"{name}: {each}")
    done.clear()
"""


def watched_import(root: Path, names: list[str]) -> str:
    command = [sys.executable, "-c", WATCHED_IMPORT, str(root), str(SHARED), *names]
    environment = {"PYTHONPATH": f"{root}:{SHARED}", "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_an_import_reads_no_environment_and_opens_no_connection() -> None:
    assert watched_import(FUNCTIONS, [module.name for module in MODULES]) == ""


def test_an_import_with_such_an_effect_is_noticed(tmp_path: Path) -> None:
    guilty = [
        "import os; os.environ['PYTHONPATH']",
        "import os; os.getenv('PYTHONPATH')",
        "import os; os.environ.get('PYTHONPATH')",
        "import boto3; boto3.client('s3')",
        "from boto3 import resource; resource('dynamodb')",
        "import socket; socket.getaddrinfo('example.org', 80)",
    ]
    for number, line in enumerate(guilty):
        (tmp_path / f"guilty{number}.py").write_text(line)
    names = [f"guilty{number}" for number in range(len(guilty))]
    noticed = {line.split(":")[0] for line in watched_import(tmp_path, names).splitlines()}
    assert noticed == set(names)
