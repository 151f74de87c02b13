"""What botocore raises, as one sentence and a way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from landform.errors import LandformError

_SIGN_IN = "Sign in (aws sso login, AWS_PROFILE or AWS_ACCESS_KEY_ID), or use the sandbox: --sandbox."
_EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken"}
    | {"SignatureDoesNotMatch", "UnrecognizedClientException", "AuthFailure", "RequestTimeTooSkewed"}
)
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden"})
_SIGN_IN_FAILED = frozenset(  # by name: some exist in recent versions of botocore only
    {"ProfileNotFound", "CredentialRetrievalError", "TokenRetrievalError", "SSOError", "LoginError"}
)
_ELSEWHERE = frozenset(
    {"PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
)


@contextmanager
def explained(doing: str, kind: type[LandformError] = LandformError) -> Iterator[None]:
    """Turn every botocore error of the block into ``kind``: "could not <doing>: <why>" with a way out."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        why, way_out = _answer(
            error_code(error), str(error.response.get("Error", {}).get("Message") or error)
        )
        raise kind(f"could not {doing}: {why}", way_out) from error
    except BotoCoreError as error:
        why, way_out = _no_answer(error)
        raise kind(f"could not {doing}: {why}", way_out) from error


def is_denied(error: BaseException | None) -> bool:
    """Whether AWS did not allow it."""
    return error_code(error) in _DENIED


def error_code(error: BaseException | None) -> str:
    """AWS's own code of a ``ClientError``, such as ``NoSuchKey``; empty for anything else."""
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _answer(code: str, message: str) -> tuple[str, str]:
    if code in _EXPIRED:
        return f"AWS does not accept the credentials ({code}: {message})", _SIGN_IN
    if code in _DENIED:
        return f"access denied ({message})", "Ask for the permission, or use the role that has it."
    if code in _ELSEWHERE:
        return (
            f"it is in another region ({code}: {message})",
            "Set the region of the backend in landform.yaml.",
        )
    return f"{code}: {message}", "See AWS's documentation of this error code."


def _no_answer(error: Exception) -> tuple[str, str]:
    import botocore.exceptions as aws

    if isinstance(error, aws.NoCredentialsError | aws.PartialCredentialsError):
        return "there are no AWS credentials here", _SIGN_IN
    if not _SIGN_IN_FAILED.isdisjoint(kind.__name__ for kind in type(error).__mro__):
        return f"the AWS credentials cannot be used ({error})", _SIGN_IN
    if isinstance(error, aws.HTTPClientError | aws.ConnectionError):
        return (
            f"no answer ({error})",
            "Check the network, the region's name, and --endpoint-url if one is given.",
        )
    return str(error), "Check the AWS settings of this shell (AWS_*, ~/.aws/config)."
