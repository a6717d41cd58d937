-- Assets: each ESD licence, with its key. Its own transaction id is stored before the vendor is asked, and the vendor is
-- asked with it for ever: at most one key can come of it.
create sequence asset_number;
create table asset (
  id uuid primary key,
  number text not null unique,
  order_id uuid not null references sales_order,
  order_item_id uuid not null unique references order_item,
  billing_to_id uuid not null references account,
  end_customer_id uuid not null references account,
  product_id uuid not null references product,
  plan_id uuid not null references plan,
  instance_id uuid not null references connector_instance,
  name text not null,
  sku text not null,
  currency char(3) not null,
  price_minor bigint not null, -- net, what was charged for it
  purchased_at timestamptz not null,
  state text not null default 'active' check (state in ('active', 'cancelled')),
  provisioning text not null default 'unsynchronised' check (provisioning in ('unsynchronised', 'synchronized', 'failed')),
  is_awaiting_key boolean not null default false, -- the vendor or the pool has none at the moment
  failure_code text,
  failure_reason text, -- in plain words
  tries int not null default 0,
  retried_at timestamptz, -- when a person last asked to try again
  transaction_id uuid not null unique,
  service_transaction_id text,
  key_cipher bytea,
  key_mask text,
  key_print bytea unique, -- keyed hash of the key: two assets never hold one key, and support can find one
  activation_link_cipher bytea, -- the link carries a token
  download_link text,
  download_expires_at timestamptz,
  synchronized_at timestamptz,
  returnable_until timestamptz,
  is_returnable boolean not null,
  token_status text check (token_status in ('Activated', 'Redeemed', 'ReturnAccepted')),
  return_status text not null default 'None' check (return_status in ('None', 'Successful', 'Rejected')),
  checked_at timestamptz,
  cancelled_at timestamptz,
  check ((provisioning = 'synchronized') = (key_cipher is not null and key_print is not null and key_mask is not null)),
  check (provisioning <> 'failed' or failure_reason is not null),
  check (state <> 'cancelled' or cancelled_at is not null)
);
create index asset_billing on asset (billing_to_id, id);
create index asset_customer on asset (end_customer_id, id);
create index asset_order on asset (order_id);
create index asset_trouble on asset (id) where provisioning = 'failed' or is_awaiting_key;

-- Every call made to a vendor for an asset: written before the call, completed after it.
create table vendor_attempt (
  id uuid primary key, -- also the X-Request-Id
  asset_id uuid not null references asset,
  kind text not null check (kind in ('purchase', 'lookup', 'return', 'links')),
  transaction_id uuid not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text, -- issued, pending, refused, outage, out-of-keys, not-found, returned
  detail text not null default ''
);
create index vendor_attempt_asset on vendor_attempt (asset_id, id);

-- A wish to cancel a licence: decided by the seller, then by the vendor. It can be withdrawn until decided.
create table return_request (
  id uuid primary key,
  asset_id uuid not null references asset,
  transaction_id uuid not null unique,
  state text not null check (state in ('requested', 'withdrawn', 'declined', 'sent', 'accepted', 'refused')),
  comment text not null default '',
  requested_by uuid not null references app_user,
  requested_at timestamptz not null,
  decided_by uuid references app_user,
  decided_at timestamptz,
  answer text not null default ''
);
create unique index return_request_one_open on return_request (asset_id) where state in ('requested', 'sent');
create index return_request_waiting on return_request (id) where state = 'requested';

-- Keys the seller uploads, each given out exactly once.
create table pool_key (
  id uuid primary key,
  plan_id uuid not null references plan,
  key_cipher bytea not null,
  key_mask text not null,
  key_print bytea not null unique,
  activation_link_cipher bytea,
  batch text not null,
  uploaded_at timestamptz not null,
  transaction_id uuid unique, -- the asset's, once given out
  given_at timestamptz,
  returned_at timestamptz
);
create index pool_key_free on pool_key (plan_id, id) where transaction_id is null;
