"""The schema of the first release."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from moshao.kit.migrating import from_statements

ID = "moshao_0001_initial"
VERSION = "1.38.0"
DESCRIPTION = "the schema of the first release"

SQL = """
CREATE TABLE absences (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "from_at" TIMESTAMPTZ NOT NULL,
    "until_at" TIMESTAMPTZ NOT NULL,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "stand_in_id" UUID,
    "hand_over" BOOLEAN NOT NULL DEFAULT false,
    "handed_over_at" TIMESTAMPTZ
);
CREATE TABLE acts (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "case_id" UUID,
    "act" VARCHAR(24) NOT NULL DEFAULT '',
    "person_id" UUID NOT NULL,
    "device_id" UUID,
    "on_behalf_of" UUID,
    "body" TEXT NOT NULL DEFAULT '',
    "signature" TEXT,
    "content" VARCHAR(80) NOT NULL DEFAULT '',
    "verdict" VARCHAR(6) NOT NULL DEFAULT '',
    "answer" TEXT NOT NULL DEFAULT '',
    "round" INTEGER NOT NULL DEFAULT 1,
    "done_at" TIMESTAMPTZ NOT NULL,
    "corrected_at" TIMESTAMPTZ NOT NULL,
    "heard_at" TIMESTAMPTZ NOT NULL,
    "clock_doubt" BOOLEAN NOT NULL DEFAULT false,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "before" TEXT,
    "erased_at" TIMESTAMPTZ
);
CREATE TABLE alert_calls (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE alerts (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "case_id" UUID,
    "broadcast_id" UUID,
    "seq" BIGINT,
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "urgency" VARCHAR(10) NOT NULL DEFAULT '',
    "ladder" VARCHAR(8) NOT NULL DEFAULT '',
    "unit_id" UUID,
    "person_id" UUID,
    "round" INTEGER NOT NULL DEFAULT 0,
    "cases" INTEGER NOT NULL DEFAULT 1,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "deadline" TIMESTAMPTZ,
    "next_step" VARCHAR(16),
    "next_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ
);
CREATE TABLE backup_runs (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(10) NOT NULL DEFAULT '',
    "snapshot" VARCHAR(20),
    "began_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ NOT NULL,
    "ok" BOOLEAN NOT NULL DEFAULT false,
    "words" TEXT NOT NULL DEFAULT ''
);
CREATE TABLE bell_cursors (
    "district_id" UUID PRIMARY KEY NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "notices" BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE broadcasts (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "unit_id" UUID,
    "role" VARCHAR(16),
    "words" TEXT NOT NULL DEFAULT '',
    "emergency" BOOLEAN NOT NULL DEFAULT false,
    "made_at" TIMESTAMPTZ NOT NULL,
    "after" VARCHAR(40) NOT NULL DEFAULT '',
    "done" BOOLEAN NOT NULL DEFAULT false,
    "people" INTEGER NOT NULL DEFAULT 0,
    "resting" INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE bulletin_templates (
    "district_id" UUID PRIMARY KEY NOT NULL,
    "sha256" VARCHAR(64) NOT NULL DEFAULT '',
    "put_at" TIMESTAMPTZ NOT NULL,
    "put_by" UUID NOT NULL
);
CREATE TABLE bulletins (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "period" VARCHAR(8) NOT NULL DEFAULT '',
    "first" VARCHAR(10) NOT NULL DEFAULT '',
    "last" VARCHAR(10) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT 'draft',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "contents" TEXT NOT NULL DEFAULT '',
    "words" TEXT NOT NULL DEFAULT '{}',
    "typical" TEXT NOT NULL DEFAULT '[]',
    "year" INTEGER,
    "number" INTEGER,
    "files" TEXT NOT NULL DEFAULT '{}',
    "counted_at" TIMESTAMPTZ NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL,
    "made_by" UUID,
    "changed_at" TIMESTAMPTZ NOT NULL,
    "changed_by" UUID,
    "published_at" TIMESTAMPTZ,
    "published_by" UUID
);
CREATE TABLE calendars (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID,
    "code" VARCHAR(40) NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "periods" TEXT NOT NULL DEFAULT '',
    "weekdays" VARCHAR(7) NOT NULL DEFAULT '',
    "holidays_excluded" BOOLEAN NOT NULL DEFAULT false,
    "makeup_days_included" BOOLEAN NOT NULL DEFAULT false,
    "hours_per_work_day" DOUBLE PRECISION NOT NULL DEFAULT 8.0,
    "zone" VARCHAR(40) NOT NULL DEFAULT 'Asia/Shanghai'
);
CREATE TABLE case_classes (
    "id" UUID PRIMARY KEY NOT NULL,
    "code_set_id" UUID NOT NULL,
    "kind" VARCHAR(10) NOT NULL DEFAULT '',
    "major" VARCHAR(2) NOT NULL DEFAULT '',
    "minor" VARCHAR(3) NOT NULL DEFAULT '',
    "code" VARCHAR(5) NOT NULL DEFAULT '',
    "major_zh" TEXT NOT NULL DEFAULT '',
    "major_en" TEXT NOT NULL DEFAULT '',
    "name_zh" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "group_zh" TEXT NOT NULL DEFAULT '',
    "maps_to_set" VARCHAR(60) NOT NULL DEFAULT '',
    "maps_to" VARCHAR(20) NOT NULL DEFAULT '',
    "component" VARCHAR(5) NOT NULL DEFAULT '',
    "self_handling" BOOLEAN NOT NULL DEFAULT false,
    "help_zh" TEXT NOT NULL DEFAULT '',
    "help_en" TEXT NOT NULL DEFAULT '',
    "not_to_confuse_with" VARCHAR(5) NOT NULL DEFAULT ''
);
CREATE TABLE case_numbers (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "day" VARCHAR(8) NOT NULL DEFAULT '',
    "last" INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE case_photos (
    "id" UUID PRIMARY KEY NOT NULL,
    "case_id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "act_id" UUID,
    "sha256" VARCHAR(64),
    "usage" VARCHAR(10) NOT NULL DEFAULT '',
    "round" INTEGER NOT NULL DEFAULT 1,
    "state" VARCHAR(8) NOT NULL DEFAULT '',
    "code" VARCHAR(40),
    "source_url" TEXT,
    "added_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE case_requests (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "person_id" UUID,
    "unit_id" UUID,
    "detail" TEXT NOT NULL DEFAULT '{}',
    "reason" TEXT,
    "until" TIMESTAMPTZ,
    "reply_by" TIMESTAMPTZ,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "decided_by" UUID,
    "decision_reason" TEXT,
    "salt" VARCHAR(44) NOT NULL DEFAULT ''
);
CREATE TABLE case_scopes (
    "id" UUID PRIMARY KEY NOT NULL,
    "case_id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "why" VARCHAR(10) NOT NULL DEFAULT '',
    "current" BOOLEAN NOT NULL DEFAULT true,
    "given_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "changed_seq" BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE case_words (
    "id" UUID PRIMARY KEY NOT NULL,
    "case_id" UUID NOT NULL,
    "act_id" UUID,
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "round" INTEGER NOT NULL DEFAULT 1,
    "person_id" UUID,
    "said_by" TEXT,
    "code" VARCHAR(40),
    "words" TEXT,
    "at" TIMESTAMPTZ NOT NULL,
    "salt" VARCHAR(44) NOT NULL DEFAULT ''
);
CREATE TABLE cases (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "case_no" VARCHAR(60) NOT NULL DEFAULT '',
    "upstream_id" UUID,
    "external_case_id" VARCHAR(200),
    "version" BIGINT NOT NULL DEFAULT 0,
    "content" VARCHAR(80),
    "verbatim" TEXT,
    "closes_above" BOOLEAN NOT NULL DEFAULT false,
    "decides_above" BOOLEAN NOT NULL DEFAULT false,
    "source_code" VARCHAR(40),
    "source_name" VARCHAR(80),
    "source_no" VARCHAR(80),
    "state" VARCHAR(16) NOT NULL DEFAULT '',
    "state_before" VARCHAR(16),
    "round" INTEGER NOT NULL DEFAULT 1,
    "flags" TEXT NOT NULL DEFAULT ' ',
    "code_set" VARCHAR(60),
    "kind" VARCHAR(10),
    "major" VARCHAR(2),
    "minor" VARCHAR(3),
    "condition" VARCHAR(200),
    "title" TEXT,
    "description" TEXT,
    "address" TEXT,
    "lon" DOUBLE PRECISION,
    "lat" DOUBLE PRECISION,
    "grid_code" VARCHAR(20),
    "component_code" VARCHAR(40),
    "reporter_name" TEXT,
    "reporter_phone" TEXT,
    "reported_at" TIMESTAMPTZ,
    "reporter_id" UUID,
    "urgency" VARCHAR(10) NOT NULL DEFAULT 'normal',
    "allow_handback" BOOLEAN NOT NULL DEFAULT true,
    "allow_extension" BOOLEAN NOT NULL DEFAULT true,
    "contact_required" BOOLEAN NOT NULL DEFAULT false,
    "handback_deadline" TIMESTAMPTZ,
    "reply_due_at" TIMESTAMPTZ,
    "limit_value" INTEGER,
    "limit_unit" VARCHAR(12),
    "limit_provisional" BOOLEAN NOT NULL DEFAULT false,
    "allowance_s" BIGINT,
    "deadline" TIMESTAMPTZ,
    "warn_at" TIMESTAMPTZ,
    "clock_state" VARCHAR(8) NOT NULL DEFAULT 'stopped',
    "clock_started_at" TIMESTAMPTZ,
    "clock_stopped_at" TIMESTAMPTZ,
    "paused_at" TIMESTAMPTZ,
    "next_at" TIMESTAMPTZ,
    "extensions" INTEGER NOT NULL DEFAULT 0,
    "handbacks" INTEGER NOT NULL DEFAULT 0,
    "shelvings" INTEGER NOT NULL DEFAULT 0,
    "ruled" BOOLEAN NOT NULL DEFAULT false,
    "shelved_until" TIMESTAMPTZ,
    "unit_id" UUID,
    "turn_unit_id" UUID,
    "handler_id" UUID,
    "crew_id" UUID,
    "helpers" TEXT NOT NULL DEFAULT '[]',
    "inspector_id" UUID,
    "asked_above" BOOLEAN NOT NULL DEFAULT false,
    "lead_case_id" UUID,
    "filed_at" TIMESTAMPTZ,
    "dispatched_at" TIMESTAMPTZ,
    "signed_at" TIMESTAMPTZ,
    "assigned_at" TIMESTAMPTZ,
    "accepted_at" TIMESTAMPTZ,
    "handled_at" TIMESTAMPTZ,
    "handled_by" UUID,
    "handled_heard_at" TIMESTAMPTZ,
    "closure_id" UUID,
    "outcome" VARCHAR(20),
    "ended_at" TIMESTAMPTZ,
    "on_time" BOOLEAN,
    "salt" VARCHAR(44) NOT NULL DEFAULT '',
    "changed_seq" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE class_settings (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "class_id" UUID NOT NULL,
    "self_handling" BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE code_sets (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID,
    "code" VARCHAR(60) NOT NULL DEFAULT '',
    "name_zh" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT ''
);
CREATE TABLE conditions (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID,
    "class_id" UUID NOT NULL,
    "code" VARCHAR(40) NOT NULL DEFAULT '',
    "wording_zh" TEXT NOT NULL DEFAULT '',
    "wording_en" TEXT NOT NULL DEFAULT '',
    "limit_value" INTEGER NOT NULL DEFAULT 0,
    "limit_unit" VARCHAR(12) NOT NULL DEFAULT ''
);
CREATE TABLE crew_members (
    "id" UUID PRIMARY KEY NOT NULL,
    "crew_id" UUID NOT NULL,
    "person_id" UUID NOT NULL
);
CREATE TABLE crews (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "unit_id" UUID NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT ''
);
CREATE TABLE deliveries (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "notice_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "channel" VARCHAR(16) NOT NULL DEFAULT '',
    "subscription_id" UUID,
    "gateway_id" UUID,
    "origin" VARCHAR(300) NOT NULL DEFAULT '',
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "fate" VARCHAR(8) NOT NULL DEFAULT '',
    "why" VARCHAR(200),
    "foreign_id" VARCHAR(200),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ,
    "lease" UUID,
    "made_at" TIMESTAMPTZ NOT NULL,
    "sent_at" TIMESTAMPTZ,
    "shown_at" TIMESTAMPTZ,
    "opened_at" TIMESTAMPTZ,
    "expires_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE devices (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID,
    "post_id" UUID,
    "public_key" TEXT NOT NULL DEFAULT '',
    "thumbprint" VARCHAR(64) NOT NULL DEFAULT '',
    "name" VARCHAR(80) NOT NULL DEFAULT '',
    "platform" VARCHAR(80) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT 'active',
    "paired_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "renewable" BOOLEAN NOT NULL DEFAULT false,
    "signed_in_id" UUID,
    "unsent" INTEGER NOT NULL DEFAULT 0,
    "oldest_unsent_at" TIMESTAMPTZ,
    "app_version" VARCHAR(40),
    "findings" TEXT NOT NULL DEFAULT '[]',
    "checked_at" TIMESTAMPTZ,
    "seen_at" TIMESTAMPTZ
);
CREATE TABLE dispatch_rules (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "unit_id" UUID NOT NULL,
    "grids" TEXT NOT NULL DEFAULT '',
    "classes" TEXT NOT NULL DEFAULT '',
    "from_minute" INTEGER NOT NULL DEFAULT 0,
    "until_minute" INTEGER NOT NULL DEFAULT 1440
);
CREATE TABLE districts (
    "id" UUID PRIMARY KEY NOT NULL,
    "code" VARCHAR(12) NOT NULL DEFAULT '',
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "settings" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE duties (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "unit_id" UUID NOT NULL,
    "post_id" UUID,
    "person_id" UUID NOT NULL,
    "shift_id" UUID NOT NULL,
    "grids" TEXT NOT NULL DEFAULT '',
    "classes" TEXT NOT NULL DEFAULT '',
    "level" INTEGER NOT NULL DEFAULT 0,
    "from_day" VARCHAR(10),
    "until_day" VARCHAR(10)
);
CREATE TABLE exchange_files (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "upstream_id" UUID NOT NULL,
    "name" VARCHAR(255) NOT NULL DEFAULT '',
    "sha256" VARCHAR(64) NOT NULL DEFAULT '',
    "origin" VARCHAR(8) NOT NULL DEFAULT '',
    "state" VARCHAR(8) NOT NULL DEFAULT '',
    "code" VARCHAR(40),
    "report" TEXT NOT NULL DEFAULT '',
    "by_id" UUID,
    "heard_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE failed_tries (
    "id" UUID PRIMARY KEY NOT NULL,
    "account" VARCHAR(64) NOT NULL DEFAULT '',
    "address" VARCHAR(64) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE feedback (
    "id" UUID PRIMARY KEY NOT NULL,
    "upstream_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "type" VARCHAR(40) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "data" TEXT NOT NULL DEFAULT '',
    "state" VARCHAR(8) NOT NULL DEFAULT '',
    "sent_at" TIMESTAMPTZ
);
CREATE TABLE figure_cases (
    "case_id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "due_day" VARCHAR(10),
    "filed_day" VARCHAR(10)
);
CREATE TABLE figure_days (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "day" VARCHAR(10) NOT NULL DEFAULT '',
    "by_unit" TEXT,
    "by_class" TEXT,
    "by_grid" TEXT,
    "by_post" TEXT,
    "by_source" TEXT
);
CREATE TABLE figure_heads (
    "district_id" UUID PRIMARY KEY NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "zone" VARCHAR(60) NOT NULL DEFAULT ''
);
CREATE TABLE gateway_addresses (
    "id" UUID PRIMARY KEY NOT NULL,
    "gateway_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "address" VARCHAR(200) NOT NULL DEFAULT '',
    "invalid_at" TIMESTAMPTZ
);
CREATE TABLE gateways (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "kind" VARCHAR(16) NOT NULL DEFAULT '',
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "settings" TEXT NOT NULL DEFAULT '',
    "secrets" TEXT NOT NULL DEFAULT '',
    "rank" INTEGER NOT NULL DEFAULT 0,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE grids (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "kind" VARCHAR(8) NOT NULL DEFAULT '',
    "code" VARCHAR(30) NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "street_code" TEXT NOT NULL DEFAULT '',
    "street_name" TEXT NOT NULL DEFAULT '',
    "synthetic" BOOLEAN NOT NULL DEFAULT false,
    "geometry" TEXT NOT NULL DEFAULT '',
    "west" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "south" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "east" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "north" DOUBLE PRECISION NOT NULL DEFAULT 0.0
);
CREATE TABLE holiday_days (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID,
    "day" VARCHAR(10) NOT NULL DEFAULT '',
    "kind" VARCHAR(4) NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "confirmed" BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE intake_events (
    "id" UUID PRIMARY KEY NOT NULL,
    "upstream_id" UUID NOT NULL,
    "event_key" VARCHAR(64) NOT NULL DEFAULT '',
    "type" VARCHAR(40) NOT NULL DEFAULT '',
    "case_id" UUID NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 0,
    "content" VARCHAR(64) NOT NULL DEFAULT '',
    "verbatim" TEXT,
    "heard_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE intake_messages (
    "id" UUID PRIMARY KEY NOT NULL,
    "upstream_id" UUID NOT NULL,
    "webhook_id" VARCHAR(256) NOT NULL DEFAULT '',
    "digest" VARCHAR(64) NOT NULL DEFAULT '',
    "answer" TEXT NOT NULL DEFAULT '',
    "heard_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE jobs (
    "id" UUID PRIMARY KEY NOT NULL,
    "queue" VARCHAR(40) NOT NULL DEFAULT '',
    "key" VARCHAR(200) NOT NULL DEFAULT '',
    "payload" TEXT NOT NULL DEFAULT '',
    "asked" BIGINT NOT NULL DEFAULT 1,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ NOT NULL,
    "lease" UUID,
    "dead" BOOLEAN NOT NULL DEFAULT false,
    "error" TEXT,
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE journal_heads (
    "district_id" UUID PRIMARY KEY NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "digest" VARCHAR(64) NOT NULL DEFAULT '',
    "epoch" VARCHAR(36) NOT NULL DEFAULT ''
);
CREATE TABLE journal_lines (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "done_at" TIMESTAMPTZ,
    "case_id" UUID,
    "act_id" UUID,
    "person_id" UUID,
    "unit_id" UUID,
    "round" INTEGER NOT NULL DEFAULT 0,
    "state" VARCHAR(16),
    "facts" TEXT NOT NULL DEFAULT '',
    "content" VARCHAR(80),
    "seals" TEXT,
    "digest" VARCHAR(64) NOT NULL DEFAULT ''
);
CREATE TABLE kept_events (
    "id" UUID PRIMARY KEY NOT NULL,
    "upstream_id" UUID NOT NULL,
    "digest" VARCHAR(64) NOT NULL DEFAULT '',
    "status" VARCHAR(8) NOT NULL DEFAULT '',
    "code" VARCHAR(40) NOT NULL DEFAULT '',
    "detail" TEXT NOT NULL DEFAULT '',
    "verbatim" TEXT NOT NULL DEFAULT '',
    "times" INTEGER NOT NULL DEFAULT 1,
    "first_at" TIMESTAMPTZ NOT NULL,
    "last_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE leases (
    "name" VARCHAR(40) PRIMARY KEY NOT NULL DEFAULT '',
    "holder" UUID,
    "until" TIMESTAMPTZ NOT NULL,
    "ran_at" TIMESTAMPTZ,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT
);
CREATE TABLE mark_judgements (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "mark" VARCHAR(20) NOT NULL DEFAULT '',
    "is_right" BOOLEAN NOT NULL DEFAULT false,
    "person_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE notices (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "case_id" UUID,
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "urgency" VARCHAR(10) NOT NULL DEFAULT '',
    "digest" BOOLEAN NOT NULL DEFAULT false,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "number" BIGINT,
    "expires_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE pairings (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "post_id" UUID,
    "code_digest" VARCHAR(64) NOT NULL DEFAULT '',
    "expires_at" TIMESTAMPTZ,
    "thumbprint" VARCHAR(64),
    "device_id" UUID,
    "made_by" UUID,
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE people (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "unit_id" UUID NOT NULL,
    "staff_no" VARCHAR(40) NOT NULL DEFAULT '',
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "role" VARCHAR(16) NOT NULL DEFAULT '',
    "phone" VARCHAR(30),
    "password_hash" TEXT,
    "pin_hash" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "roster" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE photo_rules (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID,
    "class_id" UUID,
    "group_zh" TEXT NOT NULL DEFAULT '',
    "after_min" INTEGER NOT NULL DEFAULT 0,
    "before_min" INTEGER NOT NULL DEFAULT 0,
    "outcomes" TEXT NOT NULL DEFAULT '',
    "asked_zh" TEXT NOT NULL DEFAULT '',
    "asked_en" TEXT NOT NULL DEFAULT '',
    "why_zh" TEXT NOT NULL DEFAULT '',
    "why_en" TEXT NOT NULL DEFAULT ''
);
CREATE TABLE photo_uses (
    "id" UUID PRIMARY KEY NOT NULL,
    "photo_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "act_id" UUID,
    "round" INTEGER NOT NULL DEFAULT 1,
    "sha256" VARCHAR(64),
    "facts" TEXT NOT NULL DEFAULT '',
    "marks" TEXT NOT NULL DEFAULT '[]',
    "quiet_marks" TEXT NOT NULL DEFAULT '[]',
    "added_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE photos (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID,
    "device_id" UUID,
    "sha256" VARCHAR(64) NOT NULL DEFAULT '',
    "length" BIGINT NOT NULL DEFAULT 0,
    "usage" VARCHAR(10) NOT NULL DEFAULT '',
    "source" VARCHAR(10),
    "metadata" TEXT NOT NULL DEFAULT '',
    "taken_at" TIMESTAMPTZ,
    "lon" DOUBLE PRECISION,
    "lat" DOUBLE PRECISION,
    "accuracy_m" DOUBLE PRECISION,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "code" VARCHAR(40),
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "held_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "swept_at" TIMESTAMPTZ,
    "media_type" VARCHAR(20),
    "width" INTEGER,
    "height" INTEGER,
    "dhash" VARCHAR(16),
    "band0" INTEGER,
    "band1" INTEGER,
    "band2" INTEGER,
    "band3" INTEGER,
    "brightness" INTEGER,
    "sharpness" INTEGER,
    "exif" TEXT
);
CREATE TABLE posts (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "unit_id" UUID NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "shared" BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE push_subscriptions (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "device_id" UUID,
    "key_id" UUID NOT NULL,
    "endpoint" TEXT NOT NULL DEFAULT '',
    "endpoint_digest" VARCHAR(64) NOT NULL DEFAULT '',
    "origin" VARCHAR(300) NOT NULL DEFAULT '',
    "p256dh" VARCHAR(100) NOT NULL DEFAULT '',
    "auth" VARCHAR(30) NOT NULL DEFAULT '',
    "language" VARCHAR(2) NOT NULL DEFAULT 'zh',
    "made_at" TIMESTAMPTZ NOT NULL,
    "renewed_at" TIMESTAMPTZ NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failed_why" VARCHAR(200)
);
CREATE TABLE quarantined_acts (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "path" VARCHAR(200) NOT NULL DEFAULT '',
    "signature" TEXT,
    "device_time" VARCHAR(64),
    "body" TEXT NOT NULL DEFAULT '',
    "heard_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE quiet_marks (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "mark" VARCHAR(20) NOT NULL DEFAULT '',
    "since" TIMESTAMPTZ,
    "woken_at" TIMESTAMPTZ
);
CREATE TABLE reconciled_lines (
    "id" UUID PRIMARY KEY NOT NULL,
    "reconciliation_id" UUID NOT NULL,
    "kind" VARCHAR(16) NOT NULL DEFAULT '',
    "external_case_id" VARCHAR(200) NOT NULL DEFAULT '',
    "case_id" UUID,
    "ours" TEXT,
    "theirs" TEXT,
    "said" TEXT NOT NULL DEFAULT '',
    "settled" VARCHAR(8),
    "words" TEXT,
    "settled_by" UUID,
    "settled_at" TIMESTAMPTZ
);
CREATE TABLE reconciliations (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "upstream_id" UUID NOT NULL,
    "origin" VARCHAR(8) NOT NULL DEFAULT '',
    "name" VARCHAR(255) NOT NULL DEFAULT '',
    "from_at" TIMESTAMPTZ,
    "until_at" TIMESTAMPTZ,
    "theirs" INTEGER NOT NULL DEFAULT 0,
    "ours" INTEGER NOT NULL DEFAULT 0,
    "agree" INTEGER NOT NULL DEFAULT 0,
    "by_id" UUID,
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE results_written (
    "id" UUID PRIMARY KEY NOT NULL,
    "upstream_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "written_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE review_claims (
    "id" UUID PRIMARY KEY NOT NULL,
    "case_id" UUID NOT NULL,
    "district_id" UUID NOT NULL,
    "desk_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "until" TIMESTAMPTZ NOT NULL
);
CREATE TABLE rings (
    "id" UUID PRIMARY KEY NOT NULL,
    "alert_id" UUID NOT NULL,
    "notice_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "step" VARCHAR(16) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE sealing_keys (
    "id" UUID PRIMARY KEY NOT NULL,
    "private_key" TEXT NOT NULL DEFAULT '',
    "public_key" TEXT NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE sessions (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "device_id" UUID,
    "token_digest" VARCHAR(64) NOT NULL DEFAULT '',
    "deliver_only" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ
);
CREATE TABLE shifts (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "from_minute" INTEGER NOT NULL DEFAULT 0,
    "until_minute" INTEGER NOT NULL DEFAULT 0,
    "weekdays" VARCHAR(7) NOT NULL DEFAULT '',
    "holidays" VARCHAR(8) NOT NULL DEFAULT 'as_usual'
);
CREATE TABLE suggestions (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "words" TEXT,
    "photos" TEXT NOT NULL DEFAULT '[]',
    "app" TEXT,
    "made_at" TIMESTAMPTZ NOT NULL,
    "heard_at" TIMESTAMPTZ NOT NULL,
    "answer" TEXT,
    "answered_by" UUID,
    "answered_at" TIMESTAMPTZ,
    "seen_at" TIMESTAMPTZ
);
CREATE TABLE sync_cursors (
    "id" UUID PRIMARY KEY NOT NULL,
    "client_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "epoch" VARCHAR(36) NOT NULL DEFAULT '',
    "roster" BIGINT NOT NULL DEFAULT 0,
    "until" BIGINT NOT NULL DEFAULT 0,
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE units (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "parent_id" UUID,
    "path" VARCHAR(230) NOT NULL DEFAULT '',
    "depth" INTEGER NOT NULL DEFAULT 0,
    "code" VARCHAR(30) NOT NULL DEFAULT '',
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "kind" VARCHAR(12) NOT NULL DEFAULT '',
    "street_code" VARCHAR(12),
    "phone" VARCHAR(30),
    "active" BOOLEAN NOT NULL DEFAULT true
);
CREATE TABLE upstream_outages (
    "id" UUID PRIMARY KEY NOT NULL,
    "upstream_id" UUID NOT NULL,
    "from_at" TIMESTAMPTZ NOT NULL,
    "until_at" TIMESTAMPTZ,
    "tries" INTEGER NOT NULL DEFAULT 1,
    "error" TEXT NOT NULL DEFAULT ''
);
CREATE TABLE upstreams (
    "id" UUID PRIMARY KEY NOT NULL,
    "district_id" UUID NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "secrets" TEXT NOT NULL DEFAULT '',
    "settings" TEXT NOT NULL DEFAULT '{}',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "told_seq" BIGINT NOT NULL DEFAULT 0,
    "link_key" VARCHAR(64) NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE used_proofs (
    "id" UUID PRIMARY KEY NOT NULL,
    "device_id" UUID NOT NULL,
    "jti" VARCHAR(80) NOT NULL DEFAULT '',
    "until" TIMESTAMPTZ NOT NULL
);
CREATE TABLE vapid_keys (
    "id" UUID PRIMARY KEY NOT NULL,
    "private_key" TEXT NOT NULL DEFAULT '',
    "public_key" VARCHAR(100) NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL,
    "retired_at" TIMESTAMPTZ
);
CREATE TABLE versions (
    "name" VARCHAR(80) PRIMARY KEY NOT NULL DEFAULT '',
    "token" UUID NOT NULL
);
CREATE INDEX absences_district ON absences (district_id, until_at);
CREATE INDEX absences_person ON absences (person_id, until_at);
CREATE INDEX absences_stand_in ON absences (stand_in_id, until_at);
CREATE INDEX absences_to_hand_over ON absences (from_at) WHERE hand_over AND handed_over_at IS NULL;
CREATE INDEX acts_case ON acts (case_id, seq);
CREATE INDEX acts_person ON acts (person_id);
CREATE INDEX alert_calls_alert ON alert_calls (alert_id);
CREATE INDEX alerts_broadcast ON alerts (broadcast_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX alerts_case ON alerts (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX alerts_due ON alerts (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX alerts_made ON alerts (made_at);
CREATE INDEX alerts_open ON alerts (state) WHERE state IN ('climbing', 'held', 'unreached');
CREATE INDEX alerts_unreached ON alerts (district_id) WHERE state = 'unreached';
CREATE INDEX backup_runs_kind ON backup_runs (kind, ok, began_at);
CREATE INDEX broadcasts_district ON broadcasts (district_id, made_at);
CREATE INDEX broadcasts_going ON broadcasts (made_at) WHERE NOT done;
CREATE INDEX case_photos_act ON case_photos (act_id);
CREATE INDEX case_photos_photo ON case_photos (photo_id);
CREATE INDEX case_requests_case ON case_requests (case_id);
CREATE INDEX case_requests_open ON case_requests (district_id, state, kind);
CREATE INDEX case_scopes_changed ON case_scopes (scope_id, changed_seq);
CREATE INDEX case_scopes_ended ON case_scopes (scope_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX case_scopes_open ON case_scopes (scope_id, changed_seq) WHERE current AND ended_at IS NULL;
CREATE INDEX case_words_case ON case_words (case_id, at);
CREATE INDEX cases_changed ON cases (district_id, changed_seq);
CREATE INDEX cases_ended ON cases (district_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX cases_filed ON cases (district_id, filed_at);
CREATE INDEX cases_handler ON cases (handler_id, state);
CREATE INDEX cases_inspector ON cases (inspector_id, state) WHERE inspector_id IS NOT NULL;
CREATE INDEX cases_lead ON cases (lead_case_id) WHERE lead_case_id IS NOT NULL;
CREATE INDEX cases_next ON cases (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX cases_open ON cases (district_id, changed_seq) WHERE ended_at IS NULL;
CREATE INDEX cases_state ON cases (district_id, state, deadline);
CREATE INDEX cases_unit ON cases (unit_id, state);
CREATE INDEX crew_members_person ON crew_members (person_id);
CREATE INDEX crews_unit ON crews (unit_id);
CREATE INDEX deliveries_due ON deliveries (urgent, due_at) WHERE fate = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX deliveries_foreign ON deliveries (gateway_id, foreign_id) WHERE foreign_id IS NOT NULL;
CREATE INDEX deliveries_made ON deliveries (made_at);
CREATE INDEX deliveries_notice ON deliveries (notice_id);
CREATE INDEX deliveries_person ON deliveries (person_id, made_at);
CREATE INDEX devices_person ON devices (person_id);
CREATE INDEX devices_post ON devices (post_id);
CREATE INDEX dispatch_rules_district ON dispatch_rules (district_id, priority);
CREATE INDEX duties_person ON duties (person_id);
CREATE INDEX duties_post ON duties (post_id);
CREATE INDEX duties_shift ON duties (shift_id);
CREATE INDEX duties_unit ON duties (unit_id);
CREATE INDEX exchange_files_heard ON exchange_files (district_id, heard_at);
CREATE INDEX failed_tries_account ON failed_tries (account, address, at);
CREATE INDEX failed_tries_address ON failed_tries (address, at);
CREATE INDEX failed_tries_at ON failed_tries (at);
CREATE INDEX feedback_sent ON feedback (sent_at);
CREATE INDEX feedback_waiting ON feedback (upstream_id, at) WHERE state = 'waiting';
CREATE INDEX figure_cases_district ON figure_cases (district_id);
CREATE INDEX figure_days_waiting ON figure_days (district_id, day) WHERE by_unit IS NULL;
CREATE INDEX gateways_district ON gateways (district_id, rank);
CREATE INDEX intake_events_version ON intake_events (case_id, version);
CREATE INDEX intake_messages_heard ON intake_messages (heard_at);
CREATE INDEX jobs_due ON jobs (queue, dead, due_at);
CREATE INDEX journal_lines_case ON journal_lines (case_id, seq);
CREATE INDEX mark_judgements_recent ON mark_judgements (district_id, mark, at);
CREATE INDEX notices_case ON notices (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX notices_due ON notices (due_at) WHERE state = 'gathering';
CREATE INDEX notices_made ON notices (made_at);
CREATE INDEX notices_number ON notices (district_id, number);
CREATE INDEX notices_person ON notices (person_id, due_at);
CREATE INDEX people_unit ON people (unit_id);
CREATE INDEX photo_rules_district ON photo_rules (district_id);
CREATE INDEX photo_uses_case ON photo_uses (case_id);
CREATE INDEX photos_band0 ON photos (district_id, band0, held_at) WHERE band0 IS NOT NULL;
CREATE INDEX photos_band1 ON photos (district_id, band1, held_at) WHERE band1 IS NOT NULL;
CREATE INDEX photos_band2 ON photos (district_id, band2, held_at) WHERE band2 IS NOT NULL;
CREATE INDEX photos_band3 ON photos (district_id, band3, held_at) WHERE band3 IS NOT NULL;
CREATE INDEX photos_receiving ON photos (person_id, expires_at) WHERE state = 'receiving';
CREATE INDEX photos_sha256 ON photos (sha256);
CREATE INDEX photos_unswept ON photos (ended_at) WHERE ended_at IS NOT NULL AND swept_at IS NULL;
CREATE INDEX posts_unit ON posts (unit_id);
CREATE INDEX push_subscriptions_person ON push_subscriptions (person_id);
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);
CREATE INDEX reconciliations_made ON reconciliations (district_id, made_at);
CREATE INDEX review_claims_desk ON review_claims (desk_id);
CREATE INDEX rings_at ON rings (at);
CREATE INDEX rings_notice ON rings (notice_id);
CREATE INDEX sessions_device ON sessions (device_id, person_id);
CREATE INDEX sessions_expires ON sessions (expires_at);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX shifts_district ON shifts (district_id);
CREATE INDEX suggestions_district ON suggestions (district_id, id);
CREATE INDEX suggestions_open ON suggestions (district_id, id) WHERE answered_at IS NULL;
CREATE INDEX suggestions_person ON suggestions (person_id, id);
CREATE INDEX sync_cursors_made ON sync_cursors (made_at);
CREATE INDEX upstream_outages_from ON upstream_outages (upstream_id, from_at);
CREATE INDEX upstreams_district ON upstreams (district_id);
CREATE INDEX used_proofs_until ON used_proofs (until);
CREATE UNIQUE INDEX bulletins_number ON bulletins (district_id, period, year, number);
CREATE UNIQUE INDEX bulletins_period ON bulletins (district_id, period, first);
CREATE UNIQUE INDEX calendars_common ON calendars (code) WHERE district_id IS NULL;
CREATE UNIQUE INDEX calendars_of_district ON calendars (district_id, code);
CREATE UNIQUE INDEX case_classes_code ON case_classes (code_set_id, kind, code);
CREATE UNIQUE INDEX case_numbers_day ON case_numbers (district_id, day);
CREATE UNIQUE INDEX case_photos_both ON case_photos (case_id, photo_id);
CREATE UNIQUE INDEX case_scopes_both ON case_scopes (case_id, scope_id);
CREATE UNIQUE INDEX cases_external ON cases (upstream_id, external_case_id);
CREATE UNIQUE INDEX cases_number ON cases (district_id, case_no);
CREATE UNIQUE INDEX class_settings_class ON class_settings (district_id, class_id);
CREATE UNIQUE INDEX code_sets_common ON code_sets (code) WHERE district_id IS NULL;
CREATE UNIQUE INDEX code_sets_of_district ON code_sets (district_id, code);
CREATE UNIQUE INDEX conditions_common ON conditions (class_id, code) WHERE district_id IS NULL;
CREATE UNIQUE INDEX conditions_of_district ON conditions (class_id, district_id, code);
CREATE UNIQUE INDEX crew_members_both ON crew_members (crew_id, person_id);
CREATE UNIQUE INDEX districts_code ON districts (code);
CREATE UNIQUE INDEX exchange_files_once ON exchange_files (upstream_id, sha256);
CREATE UNIQUE INDEX feedback_order ON feedback (upstream_id, case_id, seq);
CREATE UNIQUE INDEX figure_days_day ON figure_days (district_id, day);
CREATE UNIQUE INDEX gateway_addresses_both ON gateway_addresses (gateway_id, person_id);
CREATE UNIQUE INDEX grids_code ON grids (district_id, kind, code);
CREATE UNIQUE INDEX holiday_days_common ON holiday_days (day) WHERE district_id IS NULL;
CREATE UNIQUE INDEX holiday_days_of_district ON holiday_days (district_id, day);
CREATE UNIQUE INDEX intake_events_once ON intake_events (upstream_id, event_key);
CREATE UNIQUE INDEX intake_messages_once ON intake_messages (upstream_id, webhook_id, digest);
CREATE UNIQUE INDEX jobs_key ON jobs (queue, key);
CREATE UNIQUE INDEX journal_lines_seq ON journal_lines (district_id, seq);
CREATE UNIQUE INDEX kept_events_once ON kept_events (upstream_id, digest);
CREATE UNIQUE INDEX mark_judgements_one ON mark_judgements (case_id, photo_id, mark);
CREATE UNIQUE INDEX pairings_code ON pairings (person_id, code_digest);
CREATE UNIQUE INDEX people_staff_no ON people (staff_no);
CREATE UNIQUE INDEX photo_uses_both ON photo_uses (photo_id, case_id);
CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint_digest);
CREATE UNIQUE INDEX quarantined_acts_path ON quarantined_acts (device_id, path);
CREATE UNIQUE INDEX quiet_marks_both ON quiet_marks (district_id, mark);
CREATE UNIQUE INDEX reconciled_lines_once ON reconciled_lines (reconciliation_id, kind, external_case_id);
CREATE UNIQUE INDEX results_written_once ON results_written (upstream_id);
CREATE UNIQUE INDEX review_claims_case ON review_claims (case_id);
CREATE UNIQUE INDEX rings_both ON rings (alert_id, person_id, step);
CREATE UNIQUE INDEX sessions_token ON sessions (token_digest);
CREATE UNIQUE INDEX sync_cursors_client ON sync_cursors (client_id, person_id);
CREATE UNIQUE INDEX units_code ON units (district_id, code);
CREATE UNIQUE INDEX upstream_outages_open ON upstream_outages (upstream_id) WHERE until_at IS NULL;
CREATE UNIQUE INDEX upstreams_name ON upstreams (name);
CREATE UNIQUE INDEX used_proofs_jti ON used_proofs (device_id, jti);
"""


async def forwards() -> MigrationManager:
    return from_statements(ID, DESCRIPTION, SQL)
