vpc_cidr                = "10.50.0.0/16"
availability_zone_count = 3
nat                     = "per_zone"

kubernetes_version = "1.33"

control_plane = {
  log_retention_days = 365
}

access_entries = {
  platform = {
    principal_arn = "arn:aws:iam::333333333333:role/platform"
    policies      = { AmazonEKSClusterAdminPolicy = {} }
  }
  developers = {
    principal_arn = "arn:aws:iam::333333333333:role/developers"
    policies      = { AmazonEKSViewPolicy = { namespaces = ["shop"] } }
  }
}

node_groups = {
  system = {
    instance_types = ["m7i.large"]
    min            = 3
    max            = 6
    taints         = { critical = { key = "CriticalAddonsOnly", value = "true", effect = "NO_SCHEDULE" } }
  }
}

fargate_profiles = {
  jobs = { selectors = [{ namespace = "jobs" }] }
}

addons = {
  vpc-cni                = { version = "default" }
  kube-proxy             = { version = "default" }
  coredns                = { version = "default" }
  eks-pod-identity-agent = { version = "default" }
  metrics-server         = { version = "default" }
}

karpenter = true
