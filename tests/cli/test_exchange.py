"""Export and import: an export imports back unchanged, and every wrong row is named before anything is written."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from collab.cli.exchange import KINDS
from collab.cli.exchange.kinds import whole_house
from collab.cli.house import House
from collab.core.identity import SYSTEM
from collab.organizations import services as organizations
from collab.organizations.vocabulary import OrganizationClass
from collab.regulations import services as regulations
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RelationKind
from tests.cli.conftest import Collab, answer, runner

ORDER = ("governments", "organizations", "regulations")


@pytest.fixture
def filled(collab: Collab) -> None:
    """A nation, a province, organizations inside each other, a partner, and regulations that bear on each other."""
    collab("init")
    collab(
        "government",
        "add",
        "id",
        "--kind",
        "national",
        "--name",
        "Republik Indonesia",
        "--short-name",
        "Nasional",
    )
    collab(
        "government",
        "add",
        "19",
        "--kind",
        "province",
        "--name",
        "Pemerintah Babel",
        "--short-name",
        "Babel",
        "--parent",
        "id",
    )
    house = House(Path("development.ini"))
    with house.writing() as session:
        actor = whole_house(session)
        babel = next(
            number for number in actor.governments(*[grant.role for grant in actor.grants]) if number != 1
        )
        office = organizations.create_organization(
            session,
            actor=SYSTEM,
            name="Sekretariat",
            org_class=OrganizationClass.SECRETARIAT,
            government_id=babel,
            code="z-setda",
        )
        organizations.create_organization(
            session,
            actor=SYSTEM,
            name="=Biro; Hukum",
            org_class=OrganizationClass.UNIT,
            government_id=babel,
            parent_id=office.id,
            code="a-hukum",
            valid_from=date(2020, 1, 1),
            aliases=["Karo Hukum", "Biro Hukum dan HAM"],
        )
        organizations.create_organization(
            session, actor=SYSTEM, name="OKE OCE", org_class=OrganizationClass.PARTNER
        )
        make = {"actor": actor, "government_id": babel}
        perda = regulations.create(
            session, kind=RegulationKind.PERDA_PROV, title="Pemberdayaan", number="13", year=2017, **make
        )
        pergub = regulations.create(
            session, kind=RegulationKind.PERGUB, title="Pelaksanaan", number="48", year=2018, **make
        )
        draft = regulations.create(
            session, kind=RegulationKind.PERGUB, title="Perubahan", lifecycle=Lifecycle.DRAFT, **make
        )
        regulations.relate(session, pergub.id, actor=actor, kind=RelationKind.IMPLEMENTS, target_id=perda.id)
        regulations.relate(session, draft.id, actor=actor, kind=RelationKind.AMENDS, target_id=pergub.id)
    house.close()


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collab:
    """Turn the command to another, empty house."""
    other = runner({"COLLAB_DATA": str(tmp_path / "other")}, monkeypatch)
    other("init")
    return other


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_an_export_imports_back_unchanged(
    collab: Collab, filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    for kind in ORDER:
        collab("export", kind, "--format", ending, "-o", tmp_path / f"{kind}.{ending}")
    other = elsewhere(tmp_path, monkeypatch)
    for kind in ORDER:
        assert answer(other("import", kind, tmp_path / f"{kind}.{ending}", "--json"))["faults"] == []
        other("export", kind, "--format", ending, "-o", tmp_path / f"again.{ending}")
        assert (tmp_path / f"again.{ending}").read_bytes() == (tmp_path / f"{kind}.{ending}").read_bytes()


def test_importing_twice_changes_nothing(collab: Collab, filled: None, tmp_path: Path) -> None:
    for kind in ORDER:
        collab("export", kind, "-o", tmp_path / "file.csv")
        said = answer(collab("import", kind, tmp_path / "file.csv", "--json"))
        assert (said["new"], said["known"] > 0) == (0, True)


def test_a_dry_run_keeps_nothing(
    collab: Collab, filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collab("export", "governments", "-o", tmp_path / "file.csv")
    other = elsewhere(tmp_path, monkeypatch)
    assert answer(other("import", "governments", tmp_path / "file.csv", "--dry-run", "--json"))["new"] == 2
    assert other("export", "governments").stdout.splitlines()[1:] == []
    assert answer(other("audit", "verify", "--json"))["entries"] == 0


def write(path: Path, *rows: dict[str, Any]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


DINAS = {
    "government_code": "19",
    "code": "kopukm",
    "name": "Dinas Koperasi",
    "org_class": "dinas",
    "parent_code": "",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "line 3, name: "),
        ({"org_class": "ministry of none"}, "line 3, org_class: "),
        ({"code": "Not A Code"}, "line 3, code: "),
        ({"government_code": "99"}, "line 3: what it refers to is not there"),
        ({"parent_code": "nobody"}, "line 3: what it refers to is not there"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_kept(
    collab: Collab, filled: None, tmp_path: Path, change: dict[str, str], said: str
) -> None:
    file = write(tmp_path / "file.csv", {**DINAS, "code": "baik"}, {**DINAS, **change})
    refused = answer(collab("import", "organizations", file, "--json", code=1))
    assert any(fault.startswith(said) for fault in refused["faults"]), refused["faults"]
    assert "baik" not in collab("export", "organizations").stdout


def test_what_is_there_with_other_values_is_a_fault(collab: Collab, filled: None, tmp_path: Path) -> None:
    file = write(tmp_path / "file.csv", {**DINAS, "code": "z-setda", "org_class": "secretariat"})
    refused = answer(collab("import", "organizations", file, "--json", code=1))
    assert refused["faults"] == ["line 2: it is there already, with another name"]


def test_the_order_of_the_rows_does_not_matter(collab: Collab, filled: None, tmp_path: Path) -> None:
    file = write(
        tmp_path / "file.csv",
        {**DINAS, "code": "bidang", "org_class": "unit", "parent_code": "kopukm"},
        DINAS,
    )
    assert answer(collab("import", "organizations", file, "--json"))["new"] == 2


def test_semicolons_separate_cells_too(collab: Collab, filled: None, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text(
        "government_code;code;name;org_class\r\n19;kopukm;Dinas Koperasi, UKM;dinas\r\n", encoding="utf-8-sig"
    )
    assert answer(collab("import", "organizations", file, "--json"))["new"] == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"code,colour\r\nx,red\r\n", "columns that are not known: colour"),
        ("a.csv", b"code,name\r\nx,y,z\r\n", "not as many cells"),
        ("a.csv", b"\xff\xfe\x00", "not UTF-8"),
        ("a.json", b"{", "not valid JSON"),
        ("a.json", b'{"code": "x"}', "a list of objects"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(
    collab: Collab, filled: None, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in collab("import", "organizations", tmp_path / name, code=1).stderr


def test_an_import_under_somebodys_rights_is_refused_beyond_them(
    collab: Collab, filled: None, tmp_path: Path
) -> None:
    collab("user", "add", "siti", "--role", "auditor", "--scope", "19")
    refused = answer(
        collab("import", "organizations", write(tmp_path / "a.csv", DINAS), "--as", "siti", "--json", code=1)
    )
    assert "Only an administrator" in refused["faults"][0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_register_is_exported_in_every_format(
    collab: Collab, filled: None, tmp_path: Path, kind: str
) -> None:
    columns = list(KINDS[kind].columns)
    assert next(csv.reader(io.StringIO(collab("export", kind).stdout.removeprefix("\ufeff")))) == columns
    rows = json.loads(collab("export", kind, "--format", "json").stdout)
    assert all(list(row) == columns for row in rows)
    collab("export", kind, "--format", "xlsx", "-o", tmp_path / "file.xlsx")
    sheet = load_workbook(tmp_path / "file.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == columns
    assert sheet.max_row == len(rows) + 1


def test_a_day_to_come_is_refused(collab: Collab, filled: None) -> None:
    assert "has not come yet" in collab("export", "commitments", "--as-of", "2100-01-01", code=1).stderr


def test_formulas_are_disarmed_in_files_and_armed_again_when_read(
    collab: Collab, filled: None, tmp_path: Path
) -> None:
    collab("export", "organizations", "-o", tmp_path / "file.csv")
    assert "'=Biro; Hukum" in (tmp_path / "file.csv").read_text(encoding="utf-8")
    assert answer(collab("import", "organizations", tmp_path / "file.csv", "--json"))["faults"] == []
