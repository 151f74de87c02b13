vpc_cidr                = "10.40.0.0/16"
availability_zone_count = 2
nat                     = "single"

kubernetes_version = "1.33"

control_plane = {
  public_endpoint    = { cidrs = ["203.0.113.0/24"] }
  log_types          = ["audit", "authenticator"]
  log_retention_days = 7
}

access_entries = {
  platform = {
    principal_arn = "arn:aws:iam::123456789012:role/platform"
    policies      = { AmazonEKSClusterAdminPolicy = {} }
  }
  developers = {
    principal_arn = "arn:aws:iam::123456789012:role/developers"
    policies      = { AmazonEKSEditPolicy = { namespaces = ["shop"] } }
  }
}

node_groups = {
  general = {
    instance_types = ["t3.large"]
    min            = 1
    max            = 4
    desired        = 2
  }
}

fargate_profiles = {}

addons = {
  vpc-cni                = {}
  kube-proxy             = {}
  coredns                = {}
  eks-pod-identity-agent = {}
}

karpenter = false
