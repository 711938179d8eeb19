"""Page images become fields.

The libraries read some settings from the environment when they are loaded, so these stand here, before
any module of the room can load one.
"""

import os

from ocr.model_files import default_cache

# OpenMP: a second thread for one line of text only costs time (one process per core is the rule)
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
# paddlex makes its folders on import: not in the home of whoever runs us
os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(default_cache() / "paddlex"))
# … and it must not look for model hosts on the network
os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
