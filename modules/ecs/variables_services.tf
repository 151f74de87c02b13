# MiB of memory that Fargate has with so many units of CPU.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
locals {
  fargate_memory = {
    "256"   = [512, 1024, 2048]
    "512"   = range(1024, 4097, 1024)
    "1024"  = range(2048, 8193, 1024)
    "2048"  = range(4096, 16385, 1024)
    "4096"  = range(8192, 30721, 1024)
    "8192"  = range(16384, 61441, 4096)
    "16384" = range(32768, 122881, 8192)
  }
}

variable "services" {
  description = "The services, by name. The README describes the attributes."
  type = map(object({
    image       = string
    repository  = optional(string)
    command     = optional(list(string))
    entry_point = optional(list(string))
    user        = optional(string)

    cpu                   = optional(number, 256)
    memory                = optional(number, 512)
    architecture          = optional(string, "X86_64")
    ephemeral_storage_gib = optional(number)
    capacity_providers = optional(map(object({
      weight = optional(number, 1)
      base   = optional(number, 0)
    })))

    ports           = optional(map(number), {})
    environment     = optional(map(string), {})
    secrets         = optional(map(string), {})
    secret_key_arns = optional(list(string), [])

    read_only_root_filesystem = optional(bool, true)
    writable_paths            = optional(map(string), {})
    stop_timeout              = optional(number)
    health_check = optional(object({
      command      = optional(list(string), [])
      interval     = optional(number, 30)
      timeout      = optional(number, 5)
      retries      = optional(number, 3)
      start_period = optional(number, 0)
    }))

    task_policies    = optional(map(string), {})
    task_policy_arns = optional(map(string), {})
    execute_command  = optional(bool, false)

    desired_count = optional(number)
    initial_count = optional(number, 1)
    autoscaling = optional(object({
      min                = optional(number, 1)
      max                = number
      cpu_target         = optional(number)
      memory_target      = optional(number)
      requests_target    = optional(number)
      scale_in_cooldown  = optional(number, 300)
      scale_out_cooldown = optional(number, 60)
      schedules = optional(map(object({
        expression = string
        timezone   = optional(string, "UTC")
        min        = number
        max        = number
      })), {})
    }))

    ingress = optional(map(object({
      port              = optional(string, "http")
      service           = optional(string)
      security_group_id = optional(string)
      cidr              = optional(string)
    })), {})
    load_balancer = optional(object({
      listener = string
      port     = optional(string, "http")
      rules = map(object({
        priority = number
        paths    = optional(list(string), [])
        hosts    = optional(list(string), [])
      }))
      protocol_version     = optional(string, "HTTP1")
      deregistration_delay = optional(number, 60)
      grace_period         = optional(number)
      health_check = optional(object({
        path                = optional(string, "/")
        matcher             = optional(string, "200")
        interval            = optional(number, 15)
        timeout             = optional(number, 5)
        healthy_threshold   = optional(number, 2)
        unhealthy_threshold = optional(number, 3)
      }), {})
    }))
    discovery = optional(string, "none")

    deployment = optional(object({
      type                  = optional(string, "rolling")
      minimum_percent       = optional(number, 100)
      maximum_percent       = optional(number, 200)
      rollback              = optional(bool, true)
      alarms                = optional(set(string), [])
      wait_for_steady_state = optional(bool, false)
      keep_blue_minutes     = optional(number, 60)
      traffic = optional(object({
        type    = optional(string, "canary")
        percent = optional(number, 10)
        minutes = optional(number, 5)
      }), {})
    }), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length([for name, service in var.services : name if !can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", name))]) == 0
    error_message = "The names of services must be lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen: ${join(", ", [for name, service in var.services : name if !can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", name))])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if length("${var.name}-${name}") > (service.deployment.type == "blue_green" ? 26 : 32)]) == 0
    error_message = "The name of the module and that of a service, with a hyphen between them, may have 32 characters, the limit of a target group, and with blue_green 26: ${join(", ", [for name, service in var.services : name if length("${var.name}-${name}") > (service.deployment.type == "blue_green" ? 26 : 32)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if !can(regex("(^|/|^:|[^:/]+)(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})$", service.image))]) == 0
    error_message = "The image needs a digest, as in shop/api@sha256:… with 64 digits, or at least a tag: ${join(", ", [for name, service in var.services : name if !can(regex("(^|/|^:|[^:/]+)(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})$", service.image))])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.repository == null ? false : !contains(keys(var.repositories), service.repository)]) == 0
    error_message = "The repository must be a key of repositories: ${join(", ", [for name, service in var.services : name if service.repository == null ? false : !contains(keys(var.repositories), service.repository)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if(service.repository != null) != can(regex("^[:@]", service.image))]) == 0
    error_message = "With repository, the image is what follows its address: @sha256:… or :tag. Without, it is the whole name: ${join(", ", [for name, service in var.services : name if(service.repository != null) != can(regex("^[:@]", service.image))])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if !contains(try(local.fargate_memory[service.cpu], []), service.memory)]) == 0
    error_message = "Fargate has no such pair of cpu and memory: ${join(", ", [for name, service in var.services : name if !contains(try(local.fargate_memory[service.cpu], []), service.memory)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if !contains(["X86_64", "ARM64"], service.architecture)]) == 0
    error_message = "The architecture must be \"X86_64\" or \"ARM64\": ${join(", ", [for name, service in var.services : name if !contains(["X86_64", "ARM64"], service.architecture)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.ephemeral_storage_gib == null ? false : service.ephemeral_storage_gib < 21 || service.ephemeral_storage_gib > 200]) == 0
    error_message = "The ephemeral_storage_gib must be from 21 to 200; 20 come without it: ${join(", ", [for name, service in var.services : name if service.ephemeral_storage_gib == null ? false : service.ephemeral_storage_gib < 21 || service.ephemeral_storage_gib > 200])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.capacity_providers == null ? false : length(setsubtract(keys(service.capacity_providers), ["FARGATE", "FARGATE_SPOT"])) + max(0, length([for share in values(service.capacity_providers) : share if share.base > 0]) - 1) > 0]) == 0
    error_message = "The capacity_providers may hold FARGATE and FARGATE_SPOT only, one of them with a base: ${join(", ", [for name, service in var.services : name if service.capacity_providers == null ? false : length(setsubtract(keys(service.capacity_providers), ["FARGATE", "FARGATE_SPOT"])) + max(0, length([for share in values(service.capacity_providers) : share if share.base > 0]) - 1) > 0])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for key, port in service.ports : !can(regex("^[a-z0-9][a-z0-9_-]*$", key)) || port < 1 || port > 65535 || floor(port) != port]) || length(distinct(values(service.ports))) < length(service.ports)]) == 0
    error_message = "The ports must be whole numbers from 1 to 65535, each once, by names of lower-case letters and digits: ${join(", ", [for name, service in var.services : name if anytrue([for key, port in service.ports : !can(regex("^[a-z0-9][a-z0-9_-]*$", key)) || port < 1 || port > 65535 || floor(port) != port]) || length(distinct(values(service.ports))) < length(service.ports)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for arn in values(service.secrets) : !can(regex("^arn:[a-z-]+:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?|ssm:[a-z0-9-]+:[0-9]{12}:parameter/.+)$", arn))])]) == 0
    error_message = "The secrets must be ARNs of Secrets Manager (arn:aws:secretsmanager:…:secret:name, or with :key:stage:version after it) or of SSM parameters (arn:aws:ssm:…:parameter/name), never values: ${join(", ", [for name, service in var.services : name if anytrue([for arn in values(service.secrets) : !can(regex("^arn:[a-z-]+:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?|ssm:[a-z0-9-]+:[0-9]{12}:parameter/.+)$", arn))])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if length(setintersection(keys(service.secrets), keys(service.environment))) > 0]) == 0
    error_message = "The same variable is in environment and in secrets: ${join(", ", [for name, service in var.services : name if length(setintersection(keys(service.secrets), keys(service.environment))) > 0])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.execute_command && service.read_only_root_filesystem]) == 0
    error_message = "The execute_command needs read_only_root_filesystem = false, for ECS Exec writes to the root file system: ${join(", ", [for name, service in var.services : name if service.execute_command && service.read_only_root_filesystem])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for path in values(service.writable_paths) : !startswith(path, "/")])]) == 0
    error_message = "The writable_paths must be absolute, starting with a slash: ${join(", ", [for name, service in var.services : name if anytrue([for path in values(service.writable_paths) : !startswith(path, "/")])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.health_check == null ? false : !contains(["CMD", "CMD-SHELL"], try(service.health_check.command[0], "")) || length(service.health_check.command) < 2]) == 0
    error_message = "The health_check has no command that ECS can run, such as [\"CMD-SHELL\", \"curl -f http://localhost/\"]: ${join(", ", [for name, service in var.services : name if service.health_check == null ? false : !contains(["CMD", "CMD-SHELL"], try(service.health_check.command[0], "")) || length(service.health_check.command) < 2])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.health_check == null ? false : anytrue([service.health_check.interval < 5, service.health_check.interval > 300, service.health_check.timeout < 2, service.health_check.timeout > 60, service.health_check.retries < 1, service.health_check.retries > 10, service.health_check.start_period < 0, service.health_check.start_period > 300])]) == 0
    error_message = "The health_check must have an interval of 5 to 300 seconds, a timeout of 2 to 60, 1 to 10 retries and a start_period of 0 to 300: ${join(", ", [for name, service in var.services : name if service.health_check == null ? false : anytrue([service.health_check.interval < 5, service.health_check.interval > 300, service.health_check.timeout < 2, service.health_check.timeout > 60, service.health_check.retries < 1, service.health_check.retries > 10, service.health_check.start_period < 0, service.health_check.start_period > 300])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.desired_count != null && (service.autoscaling != null || service.deployment.type == "blue_green")]) == 0
    error_message = "The desired_count is Terraform's and cannot stand beside autoscaling or blue_green: use autoscaling.min or initial_count: ${join(", ", [for name, service in var.services : name if service.desired_count != null && (service.autoscaling != null || service.deployment.type == "blue_green")])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if coalesce(service.desired_count, service.initial_count) < 0]) == 0
    error_message = "The desired_count and initial_count must not be negative: ${join(", ", [for name, service in var.services : name if coalesce(service.desired_count, service.initial_count) < 0])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.autoscaling == null ? false : anytrue([for bounds in concat([service.autoscaling], values(service.autoscaling.schedules)) : bounds.min < 0 || bounds.min > bounds.max])]) == 0
    error_message = "In autoscaling and its schedules, min must not be negative nor greater than max: ${join(", ", [for name, service in var.services : name if service.autoscaling == null ? false : anytrue([for bounds in concat([service.autoscaling], values(service.autoscaling.schedules)) : bounds.min < 0 || bounds.min > bounds.max])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.autoscaling == null ? false : length(service.autoscaling.schedules) == 0 && alltrue([for target in [service.autoscaling.cpu_target, service.autoscaling.memory_target, service.autoscaling.requests_target] : target == null])]) == 0
    error_message = "The autoscaling needs a cpu_target, memory_target or requests_target, or schedules: ${join(", ", [for name, service in var.services : name if service.autoscaling == null ? false : length(service.autoscaling.schedules) == 0 && alltrue([for target in [service.autoscaling.cpu_target, service.autoscaling.memory_target, service.autoscaling.requests_target] : target == null])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if try(anytrue([for target in [service.autoscaling.cpu_target, service.autoscaling.memory_target] : target == null ? false : target < 1 || target > 100]), false)]) == 0
    error_message = "The cpu_target and memory_target must be from 1 to 100 percent: ${join(", ", [for name, service in var.services : name if try(anytrue([for target in [service.autoscaling.cpu_target, service.autoscaling.memory_target] : target == null ? false : target < 1 || target > 100]), false)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if try(service.autoscaling.requests_target != null, false) && (service.load_balancer == null || service.deployment.type == "blue_green")]) == 0
    error_message = "The requests_target counts requests of one target group: it needs a load_balancer and a rolling deployment: ${join(", ", [for name, service in var.services : name if try(service.autoscaling.requests_target != null, false) && (service.load_balancer == null || service.deployment.type == "blue_green")])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if try(anytrue([for schedule in values(service.autoscaling.schedules) : !can(regex("^(cron|rate|at)\\(.+\\)$", schedule.expression))]), false)]) == 0
    error_message = "The expression of a schedule must be cron(…), rate(…) or at(…): ${join(", ", [for name, service in var.services : name if try(anytrue([for schedule in values(service.autoscaling.schedules) : !can(regex("^(cron|rate|at)\\(.+\\)$", schedule.expression))]), false)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for source in values(service.ingress) : length([for given in [source.service, source.security_group_id, source.cidr] : given if given != null]) != 1])]) == 0
    error_message = "Each of ingress must have one of service, security_group_id and cidr: ${join(", ", [for name, service in var.services : name if anytrue([for source in values(service.ingress) : length([for given in [source.service, source.security_group_id, source.cidr] : given if given != null]) != 1])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for source in values(service.ingress) : source.service == null ? false : !contains(keys(var.services), source.service)])]) == 0
    error_message = "The service of an ingress must be one of services: ${join(", ", [for name, service in var.services : name if anytrue([for source in values(service.ingress) : source.service == null ? false : !contains(keys(var.services), source.service)])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for source in values(service.ingress) : !contains(keys(service.ports), source.port)])]) == 0
    error_message = "The port of an ingress must be the name of one of the service's ports: ${join(", ", [for name, service in var.services : name if anytrue([for source in values(service.ingress) : !contains(keys(service.ports), source.port)])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.load_balancer == null ? false : !contains(keys(service.ports), service.load_balancer.port)]) == 0
    error_message = "The load_balancer sends requests to a port that is not one of the service's ports: ${join(", ", [for name, service in var.services : name if service.load_balancer == null ? false : !contains(keys(service.ports), service.load_balancer.port)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.load_balancer == null ? false : !contains(keys(var.listeners), service.load_balancer.listener)]) == 0
    error_message = "The listener of load_balancer must be one of listeners: ${join(", ", [for name, service in var.services : name if service.load_balancer == null ? false : !contains(keys(var.listeners), service.load_balancer.listener)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.load_balancer == null ? false : service.deployment.type == "rolling" && length(service.load_balancer.rules) == 0]) == 0
    error_message = "The load_balancer needs at least one of rules, or it never gets a request: ${join(", ", [for name, service in var.services : name if service.load_balancer == null ? false : service.deployment.type == "rolling" && length(service.load_balancer.rules) == 0])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if try(anytrue([for rule in values(service.load_balancer.rules) : length(rule.paths) + length(rule.hosts) < 1 || length(rule.paths) + length(rule.hosts) > 5]), false)]) == 0
    error_message = "Each of rules needs 1 to 5 paths and hosts together: ${join(", ", [for name, service in var.services : name if try(anytrue([for rule in values(service.load_balancer.rules) : length(rule.paths) + length(rule.hosts) < 1 || length(rule.paths) + length(rule.hosts) > 5]), false)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if try(anytrue([for rule in values(service.load_balancer.rules) : rule.priority < 1 || rule.priority > 50000 || floor(rule.priority) != rule.priority]), false)]) == 0
    error_message = "The priority of rules must be a whole number from 1 to 50000: ${join(", ", [for name, service in var.services : name if try(anytrue([for rule in values(service.load_balancer.rules) : rule.priority < 1 || rule.priority > 50000 || floor(rule.priority) != rule.priority]), false)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if anytrue([for rule in try(values(service.load_balancer.rules), []) : length([for place in flatten([for it in values(var.services) : [for other in try(values(it.load_balancer.rules), []) : "${it.load_balancer.listener} ${other.priority}"]]) : place if place == "${service.load_balancer.listener} ${rule.priority}"]) > 1])]) == 0
    error_message = "Two rules of one listener have the same priority, and only one can be first: ${join(", ", [for name, service in var.services : name if anytrue([for rule in try(values(service.load_balancer.rules), []) : length([for place in flatten([for it in values(var.services) : [for other in try(values(it.load_balancer.rules), []) : "${it.load_balancer.listener} ${other.priority}"]]) : place if place == "${service.load_balancer.listener} ${rule.priority}"]) > 1])])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.load_balancer == null ? false : !contains(["HTTP1", "HTTP2", "GRPC"], service.load_balancer.protocol_version)]) == 0
    error_message = "The protocol_version must be \"HTTP1\", \"HTTP2\" or \"GRPC\": ${join(", ", [for name, service in var.services : name if service.load_balancer == null ? false : !contains(["HTTP1", "HTTP2", "GRPC"], service.load_balancer.protocol_version)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.load_balancer == null ? false : !startswith(service.load_balancer.health_check.path, "/") || service.load_balancer.health_check.timeout >= service.load_balancer.health_check.interval]) == 0
    error_message = "The health_check of load_balancer needs a path that starts with a slash and a timeout shorter than its interval: ${join(", ", [for name, service in var.services : name if service.load_balancer == null ? false : !startswith(service.load_balancer.health_check.path, "/") || service.load_balancer.health_check.timeout >= service.load_balancer.health_check.interval])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if !contains(["none", "cloud_map", "service_connect"], service.discovery)]) == 0
    error_message = "The discovery must be \"none\", \"cloud_map\" or \"service_connect\": ${join(", ", [for name, service in var.services : name if !contains(["none", "cloud_map", "service_connect"], service.discovery)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.discovery != "none" && var.namespace.create == null && var.namespace.id == null && var.namespace.arn == null]) == 0
    error_message = "The discovery needs a namespace: ${join(", ", [for name, service in var.services : name if service.discovery != "none" && var.namespace.create == null && var.namespace.id == null && var.namespace.arn == null])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if !contains(["rolling", "blue_green"], service.deployment.type)]) == 0
    error_message = "The deployment.type must be \"rolling\" or \"blue_green\": ${join(", ", [for name, service in var.services : name if !contains(["rolling", "blue_green"], service.deployment.type)])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.deployment.type == "blue_green" && length(try(service.load_balancer.rules, {})) == 0]) == 0
    error_message = "With blue_green the service needs a load_balancer with rules: CodeDeploy moves their requests: ${join(", ", [for name, service in var.services : name if service.deployment.type == "blue_green" && length(try(service.load_balancer.rules, {})) == 0])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.deployment.type == "blue_green" && service.discovery == "service_connect"]) == 0
    error_message = "CodeDeploy cannot deploy a service of Service Connect: use cloud_map or a rolling deployment: ${join(", ", [for name, service in var.services : name if service.deployment.type == "blue_green" && service.discovery == "service_connect"])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if !contains(["canary", "linear", "all_at_once"], service.deployment.traffic.type) || service.deployment.traffic.percent < 1 || service.deployment.traffic.percent > 99 || service.deployment.traffic.minutes < 1]) == 0
    error_message = "The deployment.traffic must be \"canary\", \"linear\" or \"all_at_once\", with a percent of 1 to 99 and minutes from 1: ${join(", ", [for name, service in var.services : name if !contains(["canary", "linear", "all_at_once"], service.deployment.traffic.type) || service.deployment.traffic.percent < 1 || service.deployment.traffic.percent > 99 || service.deployment.traffic.minutes < 1])}."
  }

  validation {
    condition     = length([for name, service in var.services : name if service.deployment.minimum_percent < 0 || service.deployment.maximum_percent > 200 || service.deployment.minimum_percent >= service.deployment.maximum_percent]) == 0
    error_message = "The deployment.minimum_percent must be less than maximum_percent, and both from 0 to 200, or no task could be replaced: ${join(", ", [for name, service in var.services : name if service.deployment.minimum_percent < 0 || service.deployment.maximum_percent > 200 || service.deployment.minimum_percent >= service.deployment.maximum_percent])}."
  }
}
