variable "name" {
  description = "Name of the state bucket, 3 to 63 characters: lower-case letters, digits, dots and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.name)) && !strcontains(var.name, "..")
    error_message = "The name must be one that S3 allows: 3 to 63 lower-case letters, digits, single dots and hyphens, with a letter or a digit at both ends."
  }
}

variable "tags" {
  description = "Tags put on every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether all states may be destroyed unattended: the bucket with all it holds, the lock table, the key."
  type        = bool
  default     = false
  nullable    = false
}

variable "encryption" {
  description = "How objects are encrypted where a request says nothing: type \"s3\" (SSE-S3), \"kms\" (SSE-KMS with the key kms_key_arn) or \"own_kms_key\" (SSE-KMS with a key that the module makes)."
  type = object({
    type        = optional(string, "s3")
    kms_key_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["s3", "kms", "own_kms_key"], var.encryption.type)
    error_message = "The encryption type must be \"s3\", \"kms\" or \"own_kms_key\"."
  }

  validation {
    condition     = (var.encryption.type == "kms") == (var.encryption.kms_key_arn != null)
    error_message = "The encryption needs a kms_key_arn with type \"kms\", and takes none with another type."
  }

  validation {
    condition     = var.encryption.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.encryption.kms_key_arn))
    error_message = "The kms_key_arn must be the ARN of a key, not its id or an alias: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "versions" {
  description = "How long earlier versions of an object stay: expire_after_days after they were replaced, but always the keep_newest newest ones. Uploads that were never finished go after abort_uploads_after_days."
  type = object({
    keep_newest              = optional(number, 20)
    expire_after_days        = optional(number, 90)
    abort_uploads_after_days = optional(number, 7)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.versions.keep_newest >= 1 && var.versions.keep_newest <= 100 && floor(var.versions.keep_newest) == var.versions.keep_newest
    error_message = "The keep_newest of versions must be a whole number from 1 to 100, which is as many as S3 counts."
  }

  validation {
    condition     = alltrue([for days in [var.versions.expire_after_days, var.versions.abort_uploads_after_days] : days >= 1 && floor(days) == days])
    error_message = "The days of versions must be whole numbers of at least 1."
  }
}

variable "access_log" {
  description = "Where S3 writes who asked for what: the name of a bucket that lets S3's log delivery write, and a prefix. None: no access log."
  type = object({
    bucket = string
    prefix = optional(string, "")
  })
  default = null
}

variable "lock_table" {
  description = "A DynamoDB table for locks, for releases of Terraform before 1.10. None: locks are objects of the bucket (use_lockfile)."
  type = object({
    name = string
  })
  default = null

  validation {
    condition     = var.lock_table == null || can(regex("^[A-Za-z0-9_.-]{3,255}$", var.lock_table.name))
    error_message = "The name of the lock_table must have 3 to 255 letters, digits, dots, hyphens and underscores."
  }
}

variable "replication" {
  description = "A versioned bucket in another region or account that gets a copy of every object: its ARN, the storage class there, and the ARN of the key it encrypts with (needed where this bucket has a key). None: no copy."
  type = object({
    bucket_arn    = string
    storage_class = optional(string, "STANDARD_IA")
    kms_key_arn   = optional(string)
  })
  default = null

  validation {
    condition     = var.replication == null || can(regex("^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.replication.bucket_arn))
    error_message = "The bucket_arn of replication must be the ARN of a bucket: arn:aws:s3:::NAME."
  }
}

variable "access" {
  description = "What the policy documents in the outputs let people at: keys of states and of landform's records below these prefixes. No state_prefixes: all states of the bucket."
  type = object({
    state_prefixes  = optional(set(string), [])
    record_prefixes = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for prefix in setunion(var.access.state_prefixes, var.access.record_prefixes) : can(regex("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$", prefix))])
    error_message = "The prefixes of access must be written without a slash at either end, and without wildcards: shop, team/shop."
  }
}

variable "bucket_policy_documents" {
  description = "Further statements of the bucket's policy, as JSON documents: for other accounts that keep their states here. That only TLS gets in holds whatever they say."
  type        = list(string)
  default     = []
  nullable    = false
}
