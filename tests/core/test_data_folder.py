"""The data folder is made by whoever needs it, not by whoever reads the settings."""

import os
import subprocess
import sys

from xuezheng.core.data_folder import home, locate_home


def test_reading_the_settings_makes_no_folder(tmp_path):
    folder = tmp_path / "later"
    environment = {**os.environ, "XUEZHENG_HOME": str(folder)}
    subprocess.run([sys.executable, "-c", "import xuezheng.settings"], env=environment, check=True)
    assert not folder.exists()


def test_the_folder_is_made_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "new"))
    assert not locate_home().exists()
    assert home() == locate_home()
    assert home().stat().st_mode & 0o777 == 0o700
