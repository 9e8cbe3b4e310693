"""What pyproject.toml cannot say: resources are installed inside the package, catalogues compiled."""

import sys
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithCatalogues(build_py):
    """Compile the catalogues before the files are gathered, so that a wheel starts as fast as a checkout."""

    def run(self) -> None:
        """Compile, then build as always."""
        sys.path.insert(0, str(HERE))
        from tools.messages import compile_all

        compile_all(HERE / "resources" / "translations")
        super().run()


setup(
    packages=[*find_packages(include=["crm", "crm.*"]), "crm.resources"],
    package_dir={"crm.resources": "resources"},
    package_data={"crm.resources": ["**/*"], "crm.store.migrations": ["*.mako", "versions/*.sql"]},
    cmdclass={"build_py": BuildWithCatalogues},
)
