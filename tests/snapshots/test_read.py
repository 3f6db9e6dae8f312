"""What a transaction sees of a register is what freezing reads of it, to the value and the type."""

from xuezheng.intake import import_workbook
from xuezheng.records.models import registers
from xuezheng.rules.tables import rows_of, schema
from xuezheng.snapshots.source import open_source, read, stream


def test_registers_read_in_a_transaction_are_as_they_are_frozen(transactional_db, small, workbook):
    assert import_workbook(workbook(small)).saved
    here = {name: read(rows_of(model), schema(model)) for name, model in registers().items()}
    filled = 0
    with open_source() as source:
        for name, model in registers().items():
            frozen = stream(source, rows_of(model), schema(model)).read_all()
            assert here[name].equals(frozen), name
            filled += frozen.num_rows > 0
    assert filled >= len(small)
