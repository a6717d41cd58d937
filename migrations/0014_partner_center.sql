-- Connectors beyond ESD: an instance's own fields as text, its secrets sealed together, and how it signs in. A vendor that gives
-- accounts an id of its own (Partner Center's tenant) has it kept beside ours.
alter table connector_instance add column signs_in_with text not null default 'certificate' check (signs_in_with in ('certificate', 'secret'));
alter table connector_instance add column more jsonb not null default '{}';
alter table connector_instance add column secrets_cipher bytea;
alter table connector_instance drop constraint connector_instance_check;
alter table connector_instance add constraint connector_instance_is_complete check (
  state <> 'active' or key_source = 'pool'
  or (country is not null and language is not null
    and case signs_in_with when 'certificate' then certificate_thumbprint is not null else secrets_cipher is not null end)
);

alter table sync_status add column vendor_account_id text;
-- The idempotency id of the call under way: kept while its fate is unknown, dropped with any answer.
alter table sync_status add column call_id uuid;
-- Where a person must act first: an invitation to pass on.
alter table sync_status add column link text;
