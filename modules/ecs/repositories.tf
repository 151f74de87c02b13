locals {
  registry = "${local.account_id}.dkr.ecr.${local.region}.${local.dns_suffix}"
  repositories = {
    for key in keys(var.repositories) : key => {
      name = "${var.name}/${key}"
      url  = "${local.registry}/${var.name}/${key}"
      arn  = "arn:${local.partition}:ecr:${local.region}:${local.account_id}:repository/${var.name}/${key}"
    }
  }
}

resource "aws_ecr_repository" "this" {
  #checkov:skip=CKV_AWS_51:Tags are immutable unless the user says otherwise.
  #checkov:skip=CKV_AWS_163:Images are scanned unless the user says otherwise.
  for_each = var.repositories

  name                 = local.repositories[each.key].name
  image_tag_mutability = each.value.immutable_tags ? "IMMUTABLE" : "MUTABLE"
  force_delete         = var.ephemeral
  tags                 = merge(var.tags, { Name = local.repositories[each.key].name })

  image_scanning_configuration {
    scan_on_push = each.value.scan_on_push
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.kms_key_arn
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = var.repositories

  repository = aws_ecr_repository.this[each.key].name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Untagged images go after ${each.value.untagged_days} days"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = each.value.untagged_days }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The newest ${each.value.keep_images} images stay"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = each.value.keep_images }
        action       = { type = "expire" }
      },
    ]
  })
}

data "aws_iam_policy_document" "pull" {
  for_each = { for key, repository in var.repositories : key => repository if length(repository.pull_account_ids) > 0 }

  statement {
    sid     = "PullFromOtherAccounts"
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

    principals {
      type        = "AWS"
      identifiers = [for id in sort(each.value.pull_account_ids) : "arn:${local.partition}:iam::${id}:root"]
    }
  }
}

resource "aws_ecr_repository_policy" "pull" {
  for_each = data.aws_iam_policy_document.pull

  repository = aws_ecr_repository.this[each.key].name
  policy     = each.value.json
}
