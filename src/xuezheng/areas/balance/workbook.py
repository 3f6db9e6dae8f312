"""The Excel sheets of the evaluation: the school conditions form, evaluation items, and surveys."""

from xuezheng.areas.balance.models import EvaluationItem, Facilities, Questionnaire, StageCondition
from xuezheng.workbooks import Peers, Sheet, Steady

facilities = Sheet(
    Facilities,
    "学校办学条件表",
    columns=[
        "school.code",
        "year",
        "teaching_area",
        "indoor_sports_area",
        "sports_area",
        "equipment",
        "media_rooms",
        "music_rooms",
        "art_rooms",
    ],
    expects=[
        Steady("teaching_area", within="balance.steady_building"),
        Steady("sports_area", within="balance.steady_building"),
        Steady("equipment", within="balance.steady_equipment"),
    ],
)
stage_conditions = Sheet(
    StageCondition,
    "分学段办学条件表",
    columns=[
        "school.code",
        "stage",
        "year",
        "pupils",
        "grades",
        "classes",
        "largest_class",
        "teachers",
        "associate",
        "bachelor",
        "master",
        "doctor",
        "backbone",
        "pe_teachers",
        "music_teachers",
        "art_teachers",
    ],
    expects=[
        Steady("pupils", within="balance.steady_numbers"),
        Steady("teachers", within="balance.steady_numbers"),
        Peers("pupils", per="classes", within="balance.peers", beyond="balance.peers_share"),
        Peers("teachers", per="pupils", within="balance.peers", beyond="balance.peers_share"),
        Peers("backbone", per="teachers", within="balance.peers", beyond="balance.peers_share"),
    ],
)
evaluation_items = Sheet(
    EvaluationItem,
    "优质均衡评估项目表",
    columns=["year", "item", "result", "value", "condition", "document"],
)
questionnaires = Sheet(
    Questionnaire,
    "社会认可度调查表",
    columns=["year", "respondents", "issued", "valid", "satisfied", "visited", "visited_satisfied"],
)
