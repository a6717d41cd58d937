-- Contacts are found by name and e-mail, as accounts are: the search over everything looks among those of all accounts.
alter table account_contact add column search text not null generated always as (lower(name || ' ' || email)) stored;
create index account_contact_search on account_contact using gin (search gin_trgm_ops);
create index account_contact_named on account_contact (lower(name) text_pattern_ops);
