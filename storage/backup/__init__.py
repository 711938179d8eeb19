"""Backup and restore of one installation: everything that cannot be made again, in one file.

The order of a backup (``making``) is keys, database, objects, manifest, and the service may run on:

* **Database before objects.** An object is stored before the row that names it, and neither originals
  nor e-copies are ever deleted. So every object that a row of the database snapshot names was in the
  store when the snapshot was taken, and is still there when the objects are copied afterwards. The
  other way round, a document brought in between would have a row in the backup and no scan.
  What is copied too much (objects of rows newer than the snapshot) does no harm.
* **Manifest last.** A file without it was cut short and is refused.

A restore (``restoring``) goes the same way as daily work: **objects before rows**. The rows appear in a
single transaction at the very end, so an installation whose restore was interrupted is still an empty
one, and the restore can be run again.

A house that works takes single objects back (``mending``): those that are missing or damaged, each proven by
its hash, nothing else.
"""
