# In minutes of the day, and of the week.
locals {
  weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  snapshot_minutes = [
    for clock in split("-", var.snapshots.window) : tonumber(split(":", clock)[0]) * 60 + tonumber(split(":", clock)[1])
  ]
  maintenance_minutes = [
    for moment in split("-", var.maintenance.window) :
    index(local.weekdays, split(":", moment)[0]) * 1440 + tonumber(split(":", moment)[1]) * 60 + tonumber(split(":", moment)[2])
  ]
  snapshot_length    = (local.snapshot_minutes[1] - local.snapshot_minutes[0] + 1440) % 1440
  maintenance_length = (local.maintenance_minutes[1] - local.maintenance_minutes[0] + 10080) % 10080

  # Snapshots are daily: either one starts within the maintenance, or the maintenance within one.
  windows_overlap = var.snapshots.retention_days > 0 && (
    (local.snapshot_minutes[0] - local.maintenance_minutes[0] + 10080) % 1440 < local.maintenance_length ||
    (local.maintenance_minutes[0] - local.snapshot_minutes[0] + 1440) % 1440 < local.snapshot_length
  )
}
