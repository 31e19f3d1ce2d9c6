"""The demo's examples of commitments: a year of checkpoints for the comparison, and one of every state and signal."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from collab.cli.demo.promises import Promise, Step, report, verify
from collab.cli.demo.settling import LIAISONS
from collab.commitments.vocabulary import Direction, ReportCycle, ReportStatus

PLAN = "rencana-umkm"

#: How many of ten checkpoints an agency reaches in time, and what it promised (two, in turn month by month).
YEAR: dict[str, tuple[int, str, str]] = {
    "kopukm": (9, "Pelatihan pengelolaan usaha bagi pelaku UMKM", "Pendataan UMKM di tujuh kabupaten/kota"),
    "perindag": (7, "Pameran produk unggulan daerah", "Fasilitasi sertifikasi merek dan halal"),
    "pertanian": (8, "Pendampingan petani Jahe Merah", "Penyediaan benih unggul bagi kelompok tani"),
    "kominfo": (10, "Promosi digital produk UMKM", "Pelatihan konten bagi kelompok informasi masyarakat"),
    "bappeda": (
        10,
        "Pemaduan program UMKM dalam dokumen perencanaan",
        "Evaluasi berkala pelaksanaan rencana aksi",
    ),
    "budpar": (5, "Produk UMKM dalam agenda pariwisata", "Gerai suvenir di destinasi wisata"),
    "dkp": (6, "Pengolahan hasil laut skala rumah tangga", "Rantai dingin bagi kelompok nelayan"),
    "pendidikan": (4, "Kelas kewirausahaan di SMK", "Unit produksi SMK bermitra dengan UMKM"),
    "kesehatan": (8, "Penyuluhan keamanan pangan olahan", "Pemeriksaan sarana industri rumah tangga pangan"),
    "naker": (3, "Pelatihan keterampilan kerja mandiri", "Pemagangan pada usaha mikro dan kecil"),
    "dpmptsp": (9, "Layanan perizinan berusaha keliling", "Klinik perizinan bagi usaha mikro"),
    "dpmd": (6, "Pembinaan BUM Desa pemasar produk UMKM", "Pelatihan aparatur desa tentang usaha desa"),
}
LAST_STRAGGLERS = {"naker", "pendidikan"}


def year_of_checkpoints() -> Iterator[Promise]:
    """Give two commitments for each agency, with a checkpoint every other month, so that each month has one."""
    for number, unit in enumerate(LIAISONS["19"]):
        share, *statements = YEAR[unit]
        for turn, statement in enumerate(statements):
            first = -355 + 30 * turn + (number % 5)
            past = [first + 60 * step for step in range(6)]
            due = [(f"T{step}", day, None) for step, day in enumerate(past, start=1)]
            steps = [
                one
                for step, day in enumerate(past, start=1)
                for one in _outcome(unit, share, number + turn, step, day)
            ]
            yield Promise(
                mandate=PLAN,
                owner=f"19/{unit}",
                statement=f"{statement} (contoh)",
                created_ago=380 - turn,
                due=[*due, ("T7", 40 + 35 * turn + number, None)],
                steps=steps,
            )


def _outcome(unit: str, share: int, seed: int, step: int, due: int) -> Iterator[tuple[str, Step]]:
    """Reach a checkpoint in time, late or not at all; which one is fixed, so that every demo tells the same year."""
    code, luck = f"T{step}", (seed * 7 + step * 3) % 10
    told = "Kegiatan selesai sesuai rencana; bukti terlampir (contoh)."
    if luck < share:
        yield code, report(-due + 2 + luck % 3, told)
        yield code, verify(-due + luck % 3)
    elif unit in LAST_STRAGGLERS and step == 6:
        return
    else:
        late = 5 + luck
        if -due - late - 3 > 1:
            yield code, report(-due - late, "Kegiatan selesai, terlambat dari jadwal (contoh).")
            yield code, verify(-due - late - 2, "coordinator")


def told(status: ReportStatus, narrative: str, days_ago: int, **values: Any) -> Step:
    """Let the liaison report how it stands."""
    return Step(days_ago, "liaison", "report", {"status": status, "narrative": narrative, **values})


def every_state() -> Iterator[Promise]:
    """Give commitments that stand, on the day of loading, in every state and every signal there is."""
    done, going, blocked = ReportStatus.DONE, ReportStatus.IN_PROGRESS, ReportStatus.BLOCKED

    def one(owner: str, statement: str, created: int, due: int | None, *steps: Step, **more: Any) -> Promise:
        named = [("FINAL", step) for step in steps]
        return Promise(
            PLAN, f"19/{owner}", f"{statement} (contoh)", created, [("FINAL", due, None)], named, **more
        )

    yield one(
        "kopukm",
        "Pembentukan gugus tugas UMKM terpadu",
        90,
        -20,
        report(25, "Gugus tugas dibentuk."),
        verify(22),
    )
    yield one(
        "perindag", "Penetapan daftar produk unggulan", 120, -40, report(35, "Daftar ditetapkan."), verify(33)
    )
    yield one(
        "kopukm",
        "Rapat persiapan penandatanganan dengan OKE OCE",
        40,
        3,
        report(1, "Rapat telah dilaksanakan."),
    )
    yield one(
        "kopukm", "Penyusunan kurikulum pendampingan", 60, 10, report(6, "Draf kurikulum selesai."),
        Step(3, "monitor", "return", {"note": "Lampirkan kurikulum yang sudah ditandatangani."}),
    )  # fmt: skip
    yield one("kopukm", "Laporan omzet binaan triwulan", 100, -30)
    yield one(
        "pertanian",
        "Luas tanam Jahe Merah per kabupaten",
        80,
        -12,
        report(4, "Rekap per kabupaten terlampir."),
    )
    yield one(
        "perindag", "Pengujian mutu produk unggulan", 130, -45, report(46, "Hasil uji dikirim."),
        Step(40, "monitor", "return", {"note": "Hasil uji belum lengkap untuk tiga produk."}),
    )  # fmt: skip
    yield one(
        "pertanian", "Demonstrasi pengolahan Jahe Merah", 50, -2, report(3, "Demonstrasi dilaksanakan."),
        Step(1, "coordinator", "return", {"note": "Tambahkan foto kegiatan."}),
    )  # fmt: skip
    yield one("kopukm", "Aplikasi pemasaran UMKM di telepon pintar", 70, None)
    yield one(
        "kopukm", "Temu usaha dengan pembeli luar daerah", 30, 9,
        Step(1, "liaison", "draft", {"status": going, "narrative": "Undangan sudah dikirim kepada 24 pembeli ..."}),
    )  # fmt: skip
    yield one("perindag", "Gerai bersama produk unggulan di bandara", 20, 60)
    yield one(
        "pertanian", "Pembangunan rumah produksi Jahe Merah", 45, 75,
        told(blocked, "Lahan belum tersedia; menunggu keputusan pinjam pakai aset.", 8),
    )  # fmt: skip
    yield one("perindag", "Kajian rantai pasok kemasan", 200, 100)
    yield one(
        "kopukm", "Koperasi simpan pinjam percontohan", 150, 50,
        Step(15, "coordinator", "cancel", {"reason": "Digabung dengan kegiatan Dinas Pemberdayaan Masyarakat dan Desa."}),
    )  # fmt: skip
    yield one(
        "perindag", "Rumah kemasan bersama", 160, -60,
        Step(50, "liaison", "ask", {"due_in": 40, "reason": "Mesin kemasan baru tiba bulan depan."}),
        Step(47, "monitor", "approve", {"note": "Disetujui; pelaksanaan dipantau tiap bulan."}),
    )  # fmt: skip
    yield one(
        "kopukm", "Pendampingan usaha oleh perguruan tinggi", 190, 120,
        told(going, "Pendampingan berjalan pada 40 usaha.", 88), verify(84), Step(10, "liaison", "attest"),
        supporting=("19/bappeda",),
    )  # fmt: skip
    yield one(
        "pertanian", "Kebun benih Jahe Merah", 85, 25,
        Step(2, "liaison", "ask", {"due_in": 55, "reason": "Musim tanam bergeser karena kemarau panjang."}),
    )  # fmt: skip
    yield one(
        "kopukm", "Pasar murah produk UMKM", 110, -10,
        Step(70, "liaison", "ask", {"due_in": 35, "reason": "Menyesuaikan hari jadi provinsi."}),
        Step(66, "coordinator", "approve", {}), Step(20, "liaison", "obstacle", {"description": "Izin keramaian belum terbit."}),
    )  # fmt: skip
    yield counted(done)


def counted(done: ReportStatus) -> Promise:
    """Give the commitment with a number: each quarter more UMKM, the last two still to come."""
    reached = (("B03", 205, 131, 201), ("B06", 112, 262, 108))
    steps = [
        (code, step)
        for code, told_ago, actual, seen_ago in reached
        for step in (
            told(
                done, f"{actual} UMKM dilatih sejak awal tahun.", told_ago, actual=Decimal(actual), evidence=2
            ),
            verify(seen_ago),
        )
    ]
    steps.append(("B09", told(done, "380 UMKM dilatih sejak awal tahun.", 24, actual=Decimal(380))))
    steps.append(("B09", verify(21)))
    return Promise(
        PLAN,
        "19/kopukm",
        "Pelatihan 500 UMKM binaan dalam setahun (contoh)",
        290,
        [("B03", -200, 125), ("B06", -110, 250), ("B09", -18, 375), ("B12", 72, 500)],
        steps,
        indicator="UMKM yang dilatih",
        unit="UMKM",
        direction=Direction.UP,
        supporting=("19/perindag", "19/naker"),
    )


def other_places() -> Iterator[Promise]:
    """Give examples for Kalteng, Kaltim and the partner, so that no account opens an empty page."""
    going, done = ReportStatus.IN_PROGRESS, ReportStatus.DONE
    kalteng = "rencana-kalteng"

    def one(
        mandate: str, owner: str, statement: str, created: int, due: int | None, *steps: Step, **more: Any
    ) -> Promise:
        named = [("FINAL", step) for step in steps]
        return Promise(
            mandate, owner, f"{statement} (contoh)", created, [("FINAL", due, None)], named, **more
        )

    yield one(
        kalteng,
        "62/kopukm",
        "Pendataan IKM tahap kedua",
        120,
        -35,
        report(40, "Pendataan selesai."),
        verify(37),
    )
    yield one(kalteng, "62/kopukm", "Pelatihan ekspor bagi perajin", 60, 8)
    yield one(kalteng, "62/kopukm", "Katalog produk perajin rotan", 90, -14)
    yield one(
        kalteng,
        "62/kopukm",
        "Temu bisnis perajin dan pembeli",
        40,
        20,
        told(done, "Temu bisnis terlaksana.", 1),
    )
    yield one(
        kalteng,
        "62/budpar",
        "Agenda Festival Budaya Isen Mulang",
        100,
        45,
        told(going, "Persiapan berjalan.", 30),
        verify(28),
    )
    yield one(
        kalteng, "62/budpar", "Paket wisata belanja produk daerah", 110, -10, report(12, "Paket diluncurkan."),
        Step(9, "monitor", "return", {"note": "Tautan laman paket belum ada."}),
    )  # fmt: skip
    yield one(kalteng, "62/kominfo", "Pembinaan KIM di kabupaten", 140, 30, cycle=ReportCycle.MONTH)
    yield one(
        kalteng,
        "62/kominfo",
        "Liputan produk daerah tiap bulan",
        70,
        -25,
        report(20, "Liputan terbit."),
        verify(18),
    )
    yield one("rencana-kaltim", "64/bappeda", "Basis data potensi ekonomi daerah", 150, -21)
    yield one("rencana-kaltim", "64/bappeda", "Peta potensi unggulan sepuluh kabupaten/kota", 90, 48)
    yield one("rencana-kaltim", "64/humas", "Publikasi hasil pemetaan potensi", 60, 11)
    yield one("A1", "partner/okeoce", "Penyiapan pendamping OKE OCE bagi pelaku UMKM", 50, 18)
    yield one(
        "A1", "partner/okeoce", "Rencana kelas kewirausahaan OKE OCE", 80, -15, report(19, "Rencana kelas disusun."), verify(16)
    )  # fmt: skip
