"""What the control API takes, with clear errors for what it does not."""

import base64
import binascii
from typing import Any

from rest_framework import serializers

from mailbox.simulator.models import Account
from mailbox.simulator.models.option import DEFAULTS


class Base64Field(serializers.Field):
    """Bytes, written in base64."""

    def to_internal_value(self, data: Any) -> bytes:
        """The bytes; refuses what is no base64."""
        try:
            return base64.b64decode(str(data), validate=True)
        except binascii.Error:
            raise serializers.ValidationError("This is not base64.") from None

    def to_representation(self, value: bytes) -> str:
        """The text."""
        return base64.b64encode(value).decode()


class AccountSerializer(serializers.ModelSerializer):
    """An account to make, or as it is."""

    class Meta:
        model = Account
        fields = ["provider", "address", "name", "note", "send_as", "is_disabled", "needs_mfa"]
        extra_kwargs = {"address": {"validators": []}}

    def validate_address(self, address: str) -> str:
        """An address has a name, an at sign and a domain."""
        local, at, domain = address.strip().rpartition("@")
        if not (local and at and domain) or " " in address.strip():
            raise serializers.ValidationError("This is not an e-mail address.")
        return address.strip().lower()


class AccountChangeSerializer(serializers.ModelSerializer):
    """What may change on an account."""

    class Meta:
        model = Account
        fields = ["name", "note", "send_as", "is_disabled", "needs_mfa"]


class DeliverySerializer(serializers.Serializer):
    """A mail that arrives in a mailbox."""

    address = serializers.CharField()
    raw = Base64Field()
    labels = serializers.ListField(child=serializers.RegexField(r"^\S+$"), required=False, default=None)
    received_at = serializers.DateTimeField(required=False, default=None)
    sent_copy = serializers.BooleanField(required=False, default=True)

    def validate_address(self, address: str) -> Account:
        """The account of that address."""
        found = Account.objects.filter(address=address.strip().lower()).first()
        if found is None:
            raise serializers.ValidationError("No account has this address.")
        return found


class LabelsSerializer(serializers.Serializer):
    """How a message in a mailbox changes; content gives a draft new bytes."""

    add = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    remove = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    folder = serializers.ChoiceField(choices=["INBOX", "SENT", "DRAFT", "TRASH", "SPAM", "ARCHIVE"], required=False)
    raw = Base64Field(required=False)


class FaultSerializer(serializers.Serializer):
    """Trouble to order for the next calls of a route."""

    route = serializers.CharField(max_length=60)
    account = serializers.CharField(required=False, default="", allow_blank=True)
    times = serializers.IntegerField(min_value=1, default=1)
    status = serializers.IntegerField(min_value=200, max_value=599, required=False, default=None, allow_null=True)
    body = serializers.JSONField(required=False, default=None)
    text = serializers.CharField(required=False, default="", allow_blank=True)
    headers = serializers.DictField(child=serializers.CharField(), required=False, default=dict)
    retry_after = serializers.IntegerField(min_value=0, required=False, default=None, allow_null=True)
    delay_seconds = serializers.FloatField(min_value=0, max_value=300, required=False, default=0)
    drop = serializers.BooleanField(required=False, default=False)
    work_first = serializers.BooleanField(required=False, default=False)

    def validate_route(self, route: str) -> str:
        """A route that exists, or *."""
        from mailbox.simulator.control.routes import ROUTES

        if route != "*" and route not in ROUTES:
            raise serializers.ValidationError(f"No such route. There are: {', '.join(sorted(ROUTES))}")
        return route


class RevokeSerializer(serializers.Serializer):
    """Which grants end, and the number Microsoft gives for it."""

    address = serializers.CharField()
    reason = serializers.ChoiceField(choices=[50173, 700082, 70008, 53003, 65001, 50076, 50057], default=50173)


class AddressSerializer(serializers.Serializer):
    """One account, by address; every account without one."""

    address = serializers.CharField(required=False, default="", allow_blank=True)


class NothingSerializer(serializers.Serializer):
    """A call that needs no details."""


class ClockSerializer(serializers.Serializer):
    """How far the simulator's clock runs ahead."""

    advance_seconds = serializers.FloatField()


class OptionsSerializer(serializers.Serializer):
    """The options, each of the type its default has."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """One field for each option."""
        kinds = {bool: serializers.BooleanField, int: serializers.IntegerField}
        return {name: kinds[type(value)](required=False) for name, value in DEFAULTS.items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Nothing that is not an option."""
        unknown = set(self.initial_data) - set(DEFAULTS)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "There is no such option."))
        return attrs
