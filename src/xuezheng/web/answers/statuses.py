"""The colours in which verdicts of evaluations are shown."""

from xuezheng.figures import Conclusion, Status

STATUS_COLOURS = {
    Status.MET: "green",
    Status.NOT_MET: "red",
    Status.UNREPORTED: "orange",
    Status.NOT_APPLICABLE: "secondary",
}
CONCLUSION_COLOURS = {Conclusion.PASSES: "green", Conclusion.FAILS: "red", Conclusion.UNDECIDED: "orange"}
