-- Notifications as operators edit them, and every mail that ever left or tried to.
create table notification (
  code text primary key,
  name text not null,
  entity text not null check (entity in ('asset', 'order', 'subscription', 'invoice', 'account')),
  is_active boolean not null default true,
  subject text not null,
  body text not null,
  to_extra text[] not null default '{}',
  cc text[] not null default '{}',
  bcc text[] not null default '{}',
  version int not null default 1,
  updated_at timestamptz not null
);

-- A mail is named for its cause, so that one cause never makes two. What it says is made when it is sent: no key lies here.
create table mail (
  id uuid primary key,
  cause text not null unique,
  notification_code text not null references notification,
  asset_id uuid references asset,
  order_id uuid references sales_order,
  account_id uuid references account,
  user_id uuid references app_user,
  variables jsonb not null default '{}', -- only what cannot be read from the records; never a key
  secret_cipher bytea, -- e.g. the address of a password reset
  to_addresses text[] not null check (cardinality(to_addresses) > 0),
  cc text[] not null default '{}',
  bcc text[] not null default '{}',
  subject text not null default '',
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'cancelled')),
  tries int not null default 0,
  server_answer text not null default '',
  queued_at timestamptz not null,
  last_tried_at timestamptz,
  sent_at timestamptz
);
create index mail_asset on mail (asset_id, id);
create index mail_order on mail (order_id, id);
create index mail_account on mail (account_id, id);
create index mail_open on mail (id) where state in ('queued', 'failed');
