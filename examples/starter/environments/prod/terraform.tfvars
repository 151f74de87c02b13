vpc_cidr                = "10.30.0.0/16"
availability_zone_count = 3
nat                     = "per_zone"

web_instance = { type = "t3.small" }
web_capacity = { min = 3, max = 9, desired = 3 }
