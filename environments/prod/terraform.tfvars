vpc_cidr                = "10.30.0.0/16"
availability_zone_count = 3
nat                     = "per_zone"

database_instances = { class = "db.t4g.medium", multi_az = true }
database_storage   = { size = 100, max_size = 500 }
database_backup    = { retention_days = 14, final_snapshot_identifier = "shop-prod-database-final" }

cache_nodes     = { type = "cache.t4g.medium", replicas = 2, multi_az = true }
cache_snapshots = { retention_days = 7, final_snapshot_identifier = "shop-prod-cache-final" }

web_instance_type = "t3.small"
web_capacity      = { min = 3, max = 9, desired = 3 }
web_listener      = {}
web_start         = "dnf install -y nginx && systemctl enable --now nginx"

worker = {
  image         = "public.ecr.aws/docker/library/busybox:1.37"
  command       = ["sleep", "3600"]
  cpu           = 512
  memory        = 1024
  desired_count = 3
}

static_domain           = {}
static_managed_policies = false
static_logging          = { retention_days = 90 }

cost_emails    = ["shop-costs@example.com"]
monthly_budget = { amount = 1000 }
anomalies      = { minimum_usd = 100 }
