vpc_cidr                = "10.20.0.0/16"
availability_zone_count = 2
nat                     = "single"

database_instances = { class = "db.t4g.small", multi_az = false }
database_storage   = { size = 20 }
database_backup    = { retention_days = 1 }

cache_nodes     = { type = "cache.t4g.small", replicas = 1, multi_az = true }
cache_snapshots = { retention_days = 0 }

web_instance_type = "t3.micro"
web_capacity      = { min = 2, max = 4, desired = 2 }
web_listener      = {}
web_start         = "dnf install -y nginx && systemctl enable --now nginx"

worker = {
  image         = "public.ecr.aws/docker/library/busybox:1.37"
  command       = ["sleep", "3600"]
  cpu           = 256
  memory        = 512
  desired_count = 1
}

static_domain           = {}
static_managed_policies = false
static_logging          = { retention_days = 30 }

cost_emails    = ["shop-costs@example.com"]
monthly_budget = { amount = 200 }
anomalies      = { enabled = false }
