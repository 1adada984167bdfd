"""Several phones at once, such as yours and somebody else's."""

from __future__ import annotations

from collections.abc import Sequence

from sms2fa.widgets import style
from sms2fa.widgets.phone import Phone, PhoneModel
from sms2fa.widgets.view import Model, View


class PhonesModel(Model):
    """Phones in one network, each with a number of its own."""

    def __init__(self, phones: Sequence[PhoneModel]) -> None:
        super().__init__()
        self.phones = tuple(phones)


class Phones(View):
    """The phones side by side."""

    title = "Phones"
    model: PhonesModel

    def __init__(self, model: PhonesModel) -> None:
        super().__init__(model)
        self.phones = tuple(Phone(phone) for phone in model.phones)
        self.children = [style.side_by_side(*self.phones), self.notice]

    @property
    def value(self) -> tuple[str, ...]:
        """The text of the newest SMS on each, or ""."""
        return tuple(phone.value for phone in self.phones)

    def static_rows(self) -> list[tuple[str, str]]:
        """The phones one after the other, in words."""
        return [row for phone in self.phones for row in phone.static_rows()]

    def drawing(self) -> str:
        """The phones one after the other."""
        return "<br>".join(phone.drawing() for phone in self.phones)
