variable "name" { type = string }

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  tags          = var.tags
  force_destroy = true
}

output "bucket" { value = aws_s3_bucket.this.bucket }
