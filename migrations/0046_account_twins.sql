-- Which accounts share a VAT number, an e-mail or its domain with another: a filter of their list. Among 200,000 accounts to count each
-- value takes half a second, so what was ever there twice is remembered when an account is written. Whether it still is, the list asks of
-- the few it finds here; nothing has to be taken away when an account changes or is merged.
create function email_domain_key(email text) returns text language sql immutable parallel safe as $$
  -- Where everybody can have an address, the domain says nothing about the company.
  select case when lower(split_part(email, '@', 2)) <> all (array['', 'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com',
    'msn.com', 'yahoo.com', 'icloud.com', 'me.com', 'aol.com', 'gmx.com', 'gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'web.de', 't-online.de',
    'freenet.de', 'mail.com', 'mail.ru', 'proton.me', 'protonmail.com', 'bluewin.ch', 'a1.net', 'orange.fr', 'wanadoo.fr', 'free.fr',
    'laposte.net', 'libero.it', 'seznam.cz', 'wp.pl', 'onet.pl', 'qq.com', '163.com'])
  then lower(split_part(email, '@', 2)) end
$$;
create index account_email_domain on account (email_domain_key(email), id);

create table account_twin (
  kind text not null check (kind in ('vat', 'email', 'domain')),
  key text not null,
  primary key (kind, key)
);
alter table account_twin enable row level security;
create policy seller on account_twin to emporion_seller using (true);
grant select on account_twin to emporion_seller;

create function remember_account_twins() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into account_twin (kind, key)
  select mine.kind, mine.key
    from (values ('vat', new.vat_number), ('email', lower(new.email)), ('domain', email_domain_key(new.email))) mine (kind, key)
    where mine.key is not null and case mine.kind
      when 'vat' then exists (select 1 from account where vat_number = mine.key and id <> new.id)
      when 'email' then exists (select 1 from account where lower(email) = mine.key and id <> new.id)
      else exists (select 1 from account where email_domain_key(email) = mine.key and id <> new.id) end
    order by mine.kind
  on conflict do nothing;
  return null;
end $$;
create trigger account_written after insert on account for each row execute function remember_account_twins();
create trigger account_rewritten after update of email, vat_number on account for each row
  when (old.email <> new.email or old.vat_number is distinct from new.vat_number) execute function remember_account_twins();

insert into account_twin (kind, key)
  select 'vat', vat_number from account where vat_number is not null group by vat_number having count(*) > 1
  union all select 'email', lower(email) from account group by lower(email) having count(*) > 1
  union all select 'domain', email_domain_key(email) from account where email_domain_key(email) is not null
    group by email_domain_key(email) having count(*) > 1;
