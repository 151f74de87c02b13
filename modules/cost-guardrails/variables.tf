variable "name" {
  description = "Prefix of the names of all budgets and resources: 2 to 26 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,24}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 26 characters (the name of the report's bucket adds account and region): lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the guardrails may be destroyed unattended: true deletes the report's bucket and workgroup with all that is in them, and the topic's key after 7 days instead of 30."
  type        = bool
  default     = false
  nullable    = false
}

variable "notifications" {
  description = <<-EOT
    Who is told of all that this module watches. At least one address or a topic.
    emails: at most 10 addresses.
    topic: "none", "own" (made and encrypted here) or "given".
    topic_arn: the given one; its policy must let budgets.amazonaws.com and costalerts.amazonaws.com publish. It may be unknown at plan.
  EOT
  type = object({
    emails    = optional(set(string), [])
    topic     = optional(string, "none")
    topic_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = length(var.notifications.emails) > 0 || var.notifications.topic != "none"
    error_message = "The notifications name nobody: a budget needs an e-mail address in notifications.emails, or a notifications.topic of \"own\" or \"given\"."
  }

  validation {
    condition     = alltrue([for email in var.notifications.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))]) && length(var.notifications.emails) <= 10
    error_message = "The notifications.emails must be at most 10 e-mail addresses such as costs@example.com, the limit of a budget's notification."
  }

  validation {
    condition     = contains(["none", "own", "given"], var.notifications.topic)
    error_message = "The notifications.topic must be \"none\", \"own\" or \"given\"."
  }

  validation {
    condition     = var.notifications.topic != "given" || var.notifications.topic_arn != null
    error_message = "The notifications.topic_arn is missing: notifications.topic is \"given\"."
  }

  validation {
    condition     = var.notifications.topic_arn == null || (var.notifications.topic == "given" && can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[^:.]+$", var.notifications.topic_arn)))
    error_message = "The notifications.topic_arn must be the ARN of a standard SNS topic, with a notifications.topic of \"given\"."
  }
}

variable "monthly_budget" {
  description = <<-EOT
    What the account may cost in a month.
    amount: USD. actual_thresholds, forecast_thresholds: percent of it that are told when they are passed, or will be by the end of the month; at most 10 together.
  EOT
  type = object({
    amount              = number
    actual_thresholds   = optional(set(number), [50, 80, 100])
    forecast_thresholds = optional(set(number), [100])
  })
  nullable = false

  validation {
    condition     = var.monthly_budget.amount > 0
    error_message = "The monthly_budget.amount must be more than 0 USD."
  }

  validation {
    condition     = alltrue([for percent in setunion(var.monthly_budget.actual_thresholds, var.monthly_budget.forecast_thresholds) : percent > 0 && percent <= 1000])
    error_message = "The thresholds of monthly_budget must be percentages over 0, at most 1000."
  }

  validation {
    condition = contains(
      range(1, 11), length(var.monthly_budget.actual_thresholds) + length(var.monthly_budget.forecast_thresholds)
    )
    error_message = "The monthly_budget must have 1 to 10 thresholds: without one nobody is told, and AWS takes no more."
  }
}

variable "budgets" {
  description = <<-EOT
    Further monthly budgets of a part of the costs, by a name of your choice.
    amount: USD. services: as Cost Explorer names them, such as "Amazon Relational Database Service".
    filters: other dimensions of Budgets to values, such as { TagKeyValue = ["user:Team$shop"] } or { Region = ["eu-west-1"] }.
    actual_thresholds, forecast_thresholds: percent; see monthly_budget.
  EOT
  type = map(object({
    amount              = number
    services            = optional(set(string), [])
    filters             = optional(map(set(string)), {})
    actual_thresholds   = optional(set(number), [80, 100])
    forecast_thresholds = optional(set(number), [100])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name, _ in var.budgets : can(regex("^[a-z][a-z0-9-]{0,39}$", name)) && name != "monthly"])
    error_message = "Each key of budgets must be a name of lower-case letters, digits and hyphens; \"monthly\" is the budget of the whole account."
  }

  validation {
    condition     = alltrue([for budget in var.budgets : budget.amount > 0])
    error_message = "The amount of each of budgets must be more than 0 USD."
  }

  validation {
    condition = alltrue(flatten([
      for budget in var.budgets : [
        for percent in setunion(budget.actual_thresholds, budget.forecast_thresholds) : percent > 0 && percent <= 1000
      ]
    ]))
    error_message = "The thresholds of each of budgets must be percentages over 0, at most 1000."
  }

  validation {
    condition = alltrue([
      for budget in var.budgets :
      contains(range(1, 11), length(budget.actual_thresholds) + length(budget.forecast_thresholds))
    ])
    error_message = "Each of budgets must have 1 to 10 thresholds: without one nobody is told, and AWS takes no more."
  }

  validation {
    condition     = alltrue([for budget in var.budgets : length(budget.services) + length(budget.filters) > 0])
    error_message = "Each of budgets must have services or filters: the whole account is monthly_budget."
  }

  validation {
    condition     = alltrue(flatten([for budget in var.budgets : [for service in budget.services : can(regex("^(?:Amazon|AWS|EC2 - Other|CloudWatch Events|Tax|Contact Center)", service))]]))
    error_message = "Each of the services of budgets must be named as Cost Explorer does, such as \"Amazon Elastic Compute Cloud - Compute\", \"EC2 - Other\" or \"AWS Lambda\"; not \"ec2\" or an ARN."
  }

  validation {
    condition = alltrue(flatten([
      for budget in var.budgets : [
        for kind, values in budget.filters : length(values) > 0 && contains([
          "AZ", "BillingEntity", "CostCategory", "InstanceType", "InvoicingEntity", "LegalEntityName", "LinkedAccount",
          "Operation", "PurchaseType", "Region", "TagKeyValue", "UsageType", "UsageTypeGroup",
        ], kind)
      ]
    ]))
    error_message = "Each key of the filters of budgets must be a dimension of AWS Budgets, with at least one value: AZ, BillingEntity, CostCategory, InstanceType, InvoicingEntity, LegalEntityName, LinkedAccount, Operation, PurchaseType, Region, TagKeyValue, UsageType or UsageTypeGroup. Services have an attribute of their own."
  }

  validation {
    condition = alltrue(flatten([
      for budget in var.budgets : [
        for value in lookup(budget.filters, "TagKeyValue", []) : can(regex("^(?:user|aws):[^$]+\\$.*$", value))
      ]
    ]))
    error_message = "Each TagKeyValue of the filters of budgets must be written user:Key$value, or aws:Key$value for tags of AWS."
  }

  validation {
    condition = alltrue(flatten([
      for budget in var.budgets : [
        for value in lookup(budget.filters, "LinkedAccount", []) : can(regex("^[0-9]{12}$", value))
      ]
    ]))
    error_message = "Each LinkedAccount of the filters of budgets must be an account id of 12 digits."
  }
}

variable "commitments" {
  description = <<-EOT
    Budgets of the use of what was paid in advance: told when less than minimum percent of it is used in a month.
    reserved_instances: by a name of your choice, the service as Cost Explorer names it, and minimum.
    savings_plans: minimum, of all Savings Plans; null for none.
  EOT
  type = object({
    reserved_instances = optional(map(object({
      service = string
      minimum = optional(number, 80)
    })), {})
    savings_plans = optional(object({
      minimum = optional(number, 80)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for each in var.commitments.reserved_instances : contains([
        "Amazon Elastic Compute Cloud - Compute", "Amazon Relational Database Service", "Amazon ElastiCache",
        "Amazon Redshift", "Amazon OpenSearch Service", "Amazon MemoryDB", "Amazon DynamoDB",
      ], each.service)
    ])
    error_message = "Each service of commitments.reserved_instances must be one that has reservations, as Cost Explorer names it: Amazon Elastic Compute Cloud - Compute, Amazon Relational Database Service, Amazon ElastiCache, Amazon Redshift, Amazon OpenSearch Service, Amazon MemoryDB or Amazon DynamoDB."
  }

  validation {
    condition     = alltrue([for name, _ in var.commitments.reserved_instances : can(regex("^[a-z][a-z0-9-]{0,39}$", name)) && name != "savings-plans"])
    error_message = "Each key of commitments.reserved_instances must be a name of lower-case letters, digits and hyphens, other than savings-plans."
  }

  validation {
    condition = alltrue([
      for minimum in concat([for each in var.commitments.reserved_instances : each.minimum], [try(var.commitments.savings_plans.minimum, 80)]) :
      minimum > 0 && minimum <= 100
    ])
    error_message = "Each minimum of commitments must be a percentage over 0, at most 100."
  }
}

variable "anomalies" {
  description = <<-EOT
    Cost anomaly detection, by service.
    minimum_usd: the effect of an anomaly that is told.
    create_monitor: false for an account that has a monitor of its services, of which AWS allows one; monitor_arn is its ARN then.
  EOT
  type = object({
    enabled        = optional(bool, true)
    minimum_usd    = optional(number, 50)
    create_monitor = optional(bool, true)
    monitor_arn    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.anomalies.minimum_usd > 0
    error_message = "The anomalies.minimum_usd must be more than 0 USD."
  }

  validation {
    condition     = !var.anomalies.enabled || var.anomalies.create_monitor == (var.anomalies.monitor_arn == null)
    error_message = "The anomalies.monitor_arn belongs to a create_monitor of false, which needs it."
  }
}

variable "report" {
  description = <<-EOT
    Cost and Usage Report in a bucket of its own, with an Athena workgroup and a database; null for none.
    bucket_name: by default name, "costs", account and region, joined with hyphens.
    time_unit: HOURLY, DAILY or MONTHLY.
    glacier_after_days: days until reports move to Glacier Instant Retrieval, which Athena still reads.
    define: false where the report is defined elsewhere, into this bucket under the same name.
  EOT
  type = object({
    define             = optional(bool, true)
    bucket_name        = optional(string)
    time_unit          = optional(string, "DAILY")
    glacier_after_days = optional(number, 180)
  })
  default = null

  validation {
    condition     = try(var.report.bucket_name, null) == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.report.bucket_name))
    error_message = "The report.bucket_name must have 3 to 63 lower-case letters, digits and hyphens."
  }

  validation {
    condition     = contains(["HOURLY", "DAILY", "MONTHLY"], try(var.report.time_unit, "DAILY"))
    error_message = "The report.time_unit must be HOURLY, DAILY or MONTHLY."
  }

  validation {
    condition     = try(var.report.glacier_after_days >= 1 && floor(var.report.glacier_after_days) == var.report.glacier_after_days, true)
    error_message = "The report.glacier_after_days must be a whole number of at least 1."
  }
}

variable "billing_alarm_usd" {
  description = "CloudWatch alarm on the month's estimated charges, in USD; null for none. It needs a topic, a module in us-east-1 and billing alerts turned on in the account."
  type        = number
  default     = null

  validation {
    condition     = try(var.billing_alarm_usd > 0, true)
    error_message = "The billing_alarm_usd must be more than 0 USD."
  }
}

variable "tag_policy" {
  description = <<-EOT
    Tag policy of AWS Organizations, from its management account; null for none.
    tags: key, spelt as it shall be, to the values it may have (none: any) and to the resource types for which AWS refuses others, such as "ec2:instance".
    targets: a name of your choice to the id of an organization's root, unit or account.
  EOT
  type = object({
    tags = map(object({
      values       = optional(set(string), [])
      enforced_for = optional(set(string), [])
    }))
    targets = map(string)
  })
  default = null

  validation {
    condition     = try(length(var.tag_policy.tags) > 0 && length(var.tag_policy.targets) > 0, true)
    error_message = "The tag_policy must have at least one of tags and one of targets."
  }

  validation {
    condition     = alltrue(flatten([for rule in values(try(var.tag_policy.tags, {})) : [for type in rule.enforced_for : can(regex("^[a-z0-9-]+:[A-Za-z0-9*/-]+$", type))]]))
    error_message = "Each enforced_for of tag_policy.tags must be a resource type such as ec2:instance or s3:*."
  }
}

variable "kill_switch" {
  description = <<-EOT
    What AWS stops when the monthly budget is spent, for accounts that are not production; null, the default, for nothing.
    threshold: percent of monthly_budget, actual costs. approval: AUTOMATIC, or MANUAL for a person to run it.
    instances: region to ids of EC2 instances that are stopped. The ids may be unknown at plan.
    roles: names of IAM roles that get a policy that denies denied_actions.
  EOT
  type = object({
    threshold      = optional(number, 100)
    approval       = optional(string, "AUTOMATIC")
    instances      = optional(map(list(string)), {})
    roles          = optional(list(string), [])
    denied_actions = optional(list(string), ["ec2:RunInstances", "ec2:StartInstances", "rds:CreateDB*", "rds:StartDB*"])
  })
  default = null

  validation {
    condition     = try(length(var.kill_switch.instances) + length(var.kill_switch.roles) > 0, true)
    error_message = "The kill_switch has no targets: name instances by region, or roles."
  }

  validation {
    condition     = alltrue([for ids in values(try(var.kill_switch.instances, {})) : length(ids) > 0 && alltrue([for id in ids : can(regex("^i-[0-9a-f]{8,17}$", id))])])
    error_message = "The kill_switch.instances must name, for each region, at least one id of an EC2 instance such as i-0123456789abcdef0."
  }

  validation {
    condition     = alltrue([for region, _ in try(var.kill_switch.instances, {}) : can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", region))])
    error_message = "Each key of kill_switch.instances must be a region such as eu-west-1."
  }

  validation {
    condition     = alltrue([for role in try(var.kill_switch.roles, []) : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", role))])
    error_message = "Each of kill_switch.roles must be the name of an IAM role, not its ARN."
  }

  validation {
    condition     = try(var.kill_switch.threshold > 0 && var.kill_switch.threshold <= 1000, true)
    error_message = "The kill_switch.threshold must be a percentage over 0, at most 1000."
  }

  validation {
    condition     = contains(["AUTOMATIC", "MANUAL"], try(var.kill_switch.approval, "MANUAL"))
    error_message = "The kill_switch.approval must be AUTOMATIC or MANUAL."
  }

  validation {
    condition     = alltrue([for action in try(var.kill_switch.denied_actions, []) : can(regex("^[a-z0-9-]+:[A-Za-z*?]+$", action))]) && length(try(var.kill_switch.denied_actions, ["-"])) > 0
    error_message = "Each of kill_switch.denied_actions must be an action of IAM such as ec2:RunInstances, and at least one."
  }
}
