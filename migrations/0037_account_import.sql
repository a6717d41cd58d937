-- Accounts from files. A file is kept until it is read; its rows are kept with what the check found and what became of them, so that a
-- worker that dies goes on where it was, and each row happens once. An account's id is minted when its row is checked.

-- The number another system of the seller knows the account by: what customers of a file name their reseller by before it has a
-- number of ours.
alter table account add column external_reference text
  check (external_reference <> '' and char_length(external_reference) <= 60);
create unique index account_external_reference on account (lower(external_reference)) where external_reference is not null;

-- The same company entered twice: by its VAT number, or by its name and country. The name is compared without case, punctuation and
-- the form of the company at its end.
create function account_name_key(name text) returns text language sql immutable parallel safe as $$
  select regexp_replace(
    btrim(regexp_replace(
      regexp_replace(replace(lower(name collate "und-x-icu"), '.', ''), '[^[:alnum:]]+' collate "und-x-icu", ' ', 'g'),
      '( (gmbh|mbh|ug|ag|kg|kgaa|ohg|gbr|ek|se|ev|co|ltd|limited|plc|llc|llp|inc|corp|corporation|company|bv|nv|sa|sas|sasu|sarl|sl|slu|srl|spa|sca|ab|as|asa|aps|oy|oyj|kft|zrt|sro|doo|dd|spzoo|pty))+ *$',
      '')), ' +', ' ', 'g')
$$;
create index account_same_name on account (country, account_name_key(name), id);
create index account_same_vat_number on account (vat_number, id) where vat_number is not null;

create table account_import (
  id uuid primary key,
  file_name text not null check (char_length(file_name) <= 200),
  format text not null check (format in ('csv', 'xlsx')),
  separator text check (separator in (',', ';', E'\t')), -- of a CSV, so that its error file has the same
  state text not null check (state in ('received', 'checking', 'checked', 'importing', 'done', 'refused', 'cancelled')),
  bytes int not null,
  columns text[] not null default '{}', -- in the order of the file
  ignored_columns text[] not null default '{}', -- heads that say nothing to us
  row_count int not null default 0,
  rows_done int not null default 0, -- of the check, then of the import
  create_count int not null default 0, -- as the check found them
  change_count int not null default 0,
  same_count int not null default 0,
  wrong_count int not null default 0,
  warned_count int not null default 0,
  created_count int not null default 0, -- as the import made them
  changed_count int not null default 0,
  left_count int not null default 0, -- refused at the import, although the check had found nothing
  refused_because text,
  received_by uuid not null references app_user,
  received_by_name text not null,
  received_at timestamptz not null,
  checked_at timestamptz,
  started_by uuid references app_user,
  started_by_name text,
  started_at timestamptz,
  ended_at timestamptz,
  check ((state in ('done', 'refused', 'cancelled')) = (ended_at is not null)),
  check ((state = 'refused') = (refused_because is not null)),
  check ((state in ('importing', 'done')) <= (started_by is not null and started_by_name is not null and started_at is not null))
);

create table account_import_part (
  import_id uuid not null references account_import on delete cascade,
  part int not null,
  content bytea not null,
  primary key (import_id, part)
);

create table account_import_row (
  import_id uuid not null references account_import on delete cascade,
  line int not null,
  rank int not null check (rank in (0, 1)), -- 1: after those of rank 0, because its reseller may be one of them
  cells jsonb not null, -- what stands in it, by column
  number_key text, -- what rows of one file are told to be the same by
  reference_key text,
  vat_key text,
  name_key text,
  action text check (action in ('create', 'change', 'same', 'wrong')), -- null: not checked yet
  account_id uuid, -- of a new account minted here
  seen_at timestamptz, -- when the account was changed last before the check
  faults jsonb not null default '[]',
  warnings jsonb not null default '[]',
  outcome text check (outcome in ('created', 'changed', 'left')),
  primary key (import_id, line),
  check (action not in ('create', 'change', 'same') or account_id is not null),
  check (outcome is null or action in ('create', 'change') or (action = 'wrong' and outcome = 'left'))
);
create index account_import_row_unchecked on account_import_row (import_id, rank, line) where action is null;
create index account_import_row_waiting on account_import_row (import_id, rank, line)
  where action in ('create', 'change') and outcome is null;
create index account_import_row_action on account_import_row (import_id, action, line);
create index account_import_row_warned on account_import_row (import_id, line) where warnings <> '[]';
create index account_import_row_number on account_import_row (import_id, number_key, line) where number_key is not null;
create index account_import_row_reference on account_import_row (import_id, reference_key, line) where reference_key is not null;
create index account_import_row_vat on account_import_row (import_id, vat_key, line) where vat_key is not null;
create index account_import_row_name on account_import_row (import_id, name_key, line) where name_key is not null;
-- One row an account.
create unique index account_import_row_account on account_import_row (import_id, account_id) where action in ('create', 'change', 'same');

do $$
declare t text;
begin
  foreach t in array array['account_import', 'account_import_part', 'account_import_row'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy seller on %I to emporion_seller using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to emporion_seller', t);
  end loop;
end $$;
