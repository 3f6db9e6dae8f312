"""The workbooks of the school conditions form."""

from xuezheng.areas.balance.models import Facilities, StageCondition
from xuezheng.imports import Sheet

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
)
