-- Accounts: the companies that buy. A reseller has customers of its own; a customer without a parent is a direct one.
create sequence account_number;
create table account (
  id uuid primary key,
  number text not null unique,
  kind text not null check (kind in ('reseller', 'customer')),
  parent_id uuid references account,
  state text not null default 'active' check (state in ('active', 'blocked')),
  name text not null check (name <> ''),
  contact_first_name text not null,
  contact_last_name text not null,
  email text not null,
  phone text not null,
  address_line1 text not null,
  address_line2 text not null default '',
  city text not null,
  region text not null default '',
  postal_code text not null default '',
  country char(2) not null,
  vat_number text,
  currency char(3) not null,
  language text not null default 'en',
  payment_days int not null default 30 check (payment_days between 0 and 365),
  credit_limit_minor bigint check (credit_limit_minor >= 0), -- null: no limit
  copy_key_mails_to text[] not null default '{}', -- a reseller that manages services for its customers gets their key mails too
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search text not null generated always as (
    lower(name || ' ' || number || ' ' || email || ' ' || contact_first_name || ' ' || contact_last_name || ' ' || city || ' ' || coalesce(vat_number, ''))
  ) stored,
  check (kind = 'customer' or parent_id is null),
  check (parent_id <> id)
);
create index account_search on account using gin (search gin_trgm_ops);
create index account_parent_name on account (parent_id, lower(name), id);
create index account_name on account (lower(name), id);

-- Synchronization options: what a connector must know about an account. Options belong to account and connector,
-- the state to account and connector instance, because each instance is another contract with the vendor.
create table sync_options (
  account_id uuid not null references account,
  connector text not null,
  options jsonb not null default '{}',
  updated_at timestamptz not null,
  primary key (account_id, connector)
);

-- People who sign in: of an account, or of the seller itself (account_id null).
create table app_user (
  id uuid primary key,
  account_id uuid references account,
  email text not null,
  name text not null,
  password_hash text,
  roles text[] not null default '{}',
  state text not null default 'active' check (state in ('active', 'blocked')),
  language text not null default 'en',
  created_at timestamptz not null,
  last_login_at timestamptz
);
create unique index app_user_email on app_user (lower(email));
create index app_user_account on app_user (account_id);

create table session (
  token_hash bytea primary key,
  user_id uuid not null references app_user,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text not null default '',
  ip text not null default ''
);
create index session_of_user on session (user_id);

-- A form that arrived after its session had ended, kept for an hour so that nothing typed is lost (encrypted).
create table held_form (
  token_hash bytea primary key,
  path text not null,
  body_cipher bytea not null,
  expires_at timestamptz not null
);

create table password_reset (
  token_hash bytea primary key,
  user_id uuid not null references app_user,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Failed sign-ins, by e-mail and by address, for throttling.
create table login_attempt (
  subject text not null,
  at timestamptz not null
);
create index login_attempt_subject on login_attempt (subject, at);

create table api_key (
  id uuid primary key,
  user_id uuid not null references app_user,
  name text not null,
  key_hash bytea not null unique,
  hint text not null, -- its last characters, to tell keys apart
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- A write of the API and what it was answered: the same key and body are answered again, another body is refused.
create table idempotency (
  user_id uuid not null references app_user,
  key text not null,
  request_hash bytea not null,
  status int,
  body text,
  created_at timestamptz not null,
  primary key (user_id, key)
);

-- Everything that changes something: who, when, what, before, after.
create table audit_entry (
  id uuid primary key,
  at timestamptz not null,
  user_id uuid,
  actor text not null,
  action text not null,
  subject_type text not null,
  subject_id text not null,
  account_id uuid,
  before jsonb,
  after jsonb
);
create index audit_subject on audit_entry (subject_type, subject_id, id);
create index audit_account on audit_entry (account_id, id);
