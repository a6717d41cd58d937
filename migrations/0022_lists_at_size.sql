-- What the benchmark of the lists asked for: 2,000 resellers, 200,000 customers, 1,000,000 subscriptions, 5,000,000 invoice lines.

create index subscription_purchased on subscription (purchased_at, id);
create index subscription_ends on subscription ((coalesce(ends_on, 'infinity')), id);
create index subscription_net on subscription (currency, net_minor, id);
create index subscription_name on subscription (name, id);
create index subscription_sku on subscription (sku text_pattern_ops);
create index subscription_product on subscription (product_id, id);
create index subscription_pending on subscription (purchased_at, id) where state = 'ordered';
create index asset_product on asset (product_id, id);
create index asset_pending on asset (purchased_at, id) where provisioning = 'unsynchronised' and state = 'active';

-- The end of a key as its mask shows it, read backwards, so that an index serves it. No more of a key than the mask is in the clear.
create index asset_key_end on asset (reverse(key_mask) text_pattern_ops);

-- Everybody a mail went to, as one text that can be searched; array_to_string alone may not stand in a generated column, because of
-- types whose text depends on settings, which text itself is not.
create function mail_addresses(recipients text[], cc text[], bcc text[]) returns text
  language sql immutable parallel safe as $$ select lower(array_to_string(recipients || cc || bcc, ' ')) $$;
alter table mail add column addresses text not null generated always as (mail_addresses(to_addresses, cc, bcc)) stored;
create index mail_addressees on mail using gin (addresses gin_trgm_ops);
create index mail_failed on mail (queued_at, id) where state = 'failed';
create index mail_waiting on mail (queued_at, id) where state = 'queued';
create index mail_cancelled on mail (queued_at, id) where state = 'cancelled';
