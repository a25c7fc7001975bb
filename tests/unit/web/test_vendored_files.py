"""static/vendor holds exactly what its manifest says."""

import json

import pytest

from tests.tools import vendor_static


def test_files_agree_with_the_manifest() -> None:
    assert vendor_static.problems() == []


def test_every_package_names_its_licence_and_carries_the_text() -> None:
    packages = json.loads(vendor_static.MANIFEST.read_text(encoding="utf-8"))["packages"]
    assert {package["name"] for package in packages} == {"@tabler/core", "@tabler/icons", "chart.js", "htmx.org"}
    for package in packages:
        assert package["licence"] in {"MIT", "0BSD"}
        assert any(name.endswith("LICENSE.txt") for name in package["files"])


@pytest.mark.parametrize("change", ["changed", "missing", "not in the manifest"])
def test_a_difference_is_named(
    change: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("vendor")
    (folder / "manifest.json").write_text(
        json.dumps(
            {"packages": [{"files": {"a.js": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}}]}
        )
    )
    (folder / "a.js").write_text("a")
    monkeypatch.setattr(vendor_static, "TARGET", folder)
    monkeypatch.setattr(vendor_static, "MANIFEST", folder / "manifest.json")
    assert vendor_static.problems() == []
    if change == "changed":
        (folder / "a.js").write_text("b")
    elif change == "missing":
        (folder / "a.js").unlink()
    else:
        (folder / "b.js").write_text("b")
    assert [problem.split(": ")[1] for problem in vendor_static.problems()] == [change]


def test_no_source_map_is_asked_for() -> None:
    for path in vendor_static.TARGET.rglob("*.min.*"):
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path
