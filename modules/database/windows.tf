# In minutes of the day, and of the week.
locals {
  weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  backup_minutes = [
    for clock in split("-", var.backup.window) : tonumber(split(":", clock)[0]) * 60 + tonumber(split(":", clock)[1])
  ]
  maintenance_minutes = [
    for moment in split("-", var.maintenance.window) :
    index(local.weekdays, split(":", moment)[0]) * 1440 + tonumber(split(":", moment)[1]) * 60 + tonumber(split(":", moment)[2])
  ]
  backup_length      = (local.backup_minutes[1] - local.backup_minutes[0] + 1440) % 1440
  maintenance_length = (local.maintenance_minutes[1] - local.maintenance_minutes[0] + 10080) % 10080

  # Backups are daily: either one starts within the maintenance, or the maintenance within one.
  windows_overlap = (
    (local.backup_minutes[0] - local.maintenance_minutes[0] + 10080) % 1440 < local.maintenance_length ||
    (local.maintenance_minutes[0] - local.backup_minutes[0] + 1440) % 1440 < local.backup_length
  )
}
