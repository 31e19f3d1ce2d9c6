"""How much is generated: scale 1 is one province as it is, above it there are more provinces, below it a small one."""

from dataclasses import dataclass

#: One province (performance.md): agencies, partners, agreements, regulations.
AGENCIES, PARTNERS, AGREEMENTS, REGULATIONS = 50, 40, 1_500, 600
#: Commitments of an agreement, on average; reports of a commitment, on average.
COMMITMENTS, REPORTS = 5, 8
#: Regulations of the nation that provinces rest on.
NATIONAL_REGULATIONS = 60
LEAST, MOST = 0.001, 400.0


@dataclass(frozen=True)
class Scale:
    """The size of what is generated."""

    factor: float

    @property
    def provinces(self) -> int:
        """Count the governments that own agreements."""
        return max(1, round(self.factor))

    @property
    def share(self) -> float:
        """Give the size of each against a whole province."""
        return self.factor / self.provinces

    def part(self, whole: int, least: int = 1) -> int:
        """Give a province's part of a number."""
        return max(least, round(whole * self.share))

    @property
    def agencies(self) -> int:
        """Count the agencies of each province."""
        return self.part(AGENCIES, least=3)

    @property
    def partners(self) -> int:
        """Count the partners that each province signs with."""
        return self.part(PARTNERS, least=2)

    @property
    def agreements(self) -> int:
        """Count the agreements of each province."""
        return self.part(AGREEMENTS, least=2)

    @property
    def regulations(self) -> int:
        """Count the regulations of each province."""
        return self.part(REGULATIONS, least=4)
