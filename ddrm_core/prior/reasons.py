"""Reasons why a prior's file cannot be used or downloaded."""

from ddrm_core.messages import Reason, tr_noop


class PriorDefect(Reason):
    """The defect because of which a file cannot be used as a prior."""

    NOT_SAFETENSORS = tr_noop("not a whole safetensors file")
    OTHER_FORMAT = tr_noop("not in the format '{format}'")
    INCOMPLETE_HEADER = tr_noop("not in the format '{format}', header lacks {keys}")
    HEADER = tr_noop("header cannot be understood: {problem}")
    SIZE_OR_RANGE = tr_noop("size multiple or range is not what its architecture has")
    NOISE_LEVELS = tr_noop("its noise levels are not a range above 0")
    NO_BAND_ERRORS = tr_noop("its measured band errors are missing")
    BAND_ERROR_VALUES = tr_noop(
        "its measured band errors, or their noise levels, are impossible numbers"
    )
    WEIGHTS = tr_noop("its weights are not all finite numbers")
    RESOLUTION = tr_noop("the resolution that it has learnt is missing, or not one it can have")
    LACKS_TENSOR = tr_noop("its tensors are not those of its architecture: it lacks '{tensor}'")
    LACKS_TENSORS = tr_noop(
        "its tensors are not those of its architecture: it lacks '{tensor}' and {count} more"
    )
    UNEXPECTED_TENSOR = tr_noop(
        "its tensors are not those of its architecture: it has besides '{tensor}'"
    )
    UNEXPECTED_TENSORS = tr_noop(
        "its tensors are not those of its architecture: it has besides '{tensor}' and {count} more"
    )
    MISMATCHED_TENSOR = tr_noop(
        "its tensors are not those of its architecture: it has otherwise '{tensor}'"
    )
    MISMATCHED_TENSORS = tr_noop(
        "its tensors are not those of its architecture: it has otherwise '{tensor}'"
        " and {count} more"
    )
    NAME = tr_noop("its name {name!r} is not letters, digits, '.', '_', '-'")
    NAME_OF_BUNDLED = tr_noop("it is called {name!r} as the bundled prior is")
    NAME_OF_PACKAGED = tr_noop("it is called {name!r} as the prior of an installed package is")
    BAND_ERRORS = tr_noop("it does not hold the measured band errors of a prior")
    NO_DICTIONARY = tr_noop("it is not a dictionary of tensors")
    MORE_THAN_TENSORS = tr_noop("it holds more than tensors, which could do anything")
    NOT_PYTORCH = tr_noop("not a whole PyTorch checkpoint")
    NOT_FLOATING_POINT = tr_noop("its tensors are not all of floating-point numbers")
    UNKNOWN_NETWORK = tr_noop("none of the networks known here: {networks}")
    STATE = tr_noop("header and tensors cannot be understood: {problem}")
    NOT_TRAINABLE = tr_noop("only networks of the compact architecture are trained")
    CHECKSUM_FILE = tr_noop("{file} beside it is no SHA-256")


class PackagedPriorProblem(Reason):
    """The reason why the weights in an installed package cannot be used."""

    NO_DISTRIBUTION = tr_noop("its package is not installed")
    NO_FILE = tr_noop("its package lacks the file of the weights")
    OTHER_FILE = tr_noop("its package has another file of weights, of another SHA-256")


class DownloadProblem(Reason):
    """The problem because of which a download failed."""

    CHECKSUM = tr_noop("its SHA-256 is {sha256}")
    TOO_LONG = tr_noop("it has more than {size:,} bytes")
    OTHER_SIZE = tr_noop("what the server has is {size:,} bytes, not {published_size:,}")
    DISCONNECTED = tr_noop("the connection was cut")
    REDIRECTED = tr_noop("it is redirected to {target}")
    REDIRECT_LOOP = tr_noop("it is redirected without end")
    REFUSED = tr_noop("the server says {answer}")


class NameResolutionFailure(Reason):
    """The reason why a server's name cannot be resolved.

    Each member is named like the error code in `socket`.
    """

    EAI_NONAME = tr_noop("name or service not known")
    EAI_AGAIN = tr_noop("temporary failure in name resolution")
