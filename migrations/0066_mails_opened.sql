-- A mail can be opened, and sent again as a copy. What it said is kept as it was sent, with each key and each link that opens something
-- masked; whole only under seal, where it brought a key, for those who may reveal keys. Links to choose a password are never kept.
alter table mail add column copy_of uuid references mail; -- the first of them
create index mail_copy on mail (copy_of) where copy_of is not null;
create index mail_notification on mail (notification_code, queued_at, id);

create table mail_body (
  mail_id uuid primary key references mail on delete cascade,
  language text not null,
  html text not null,
  text text not null,
  whole_cipher bytea
);
alter table mail_body enable row level security;
create policy seller on mail_body to emporion_seller using (true) with check (true);
grant select, insert, update, delete on mail_body to emporion_seller;

-- Each try to send it; without an outcome while it is under way, or where nobody was left to write it down.
create table mail_try (
  mail_id uuid not null references mail on delete cascade,
  number int not null check (number > 0),
  at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('accepted', 'refused', 'away')),
  answer text not null default '',
  primary key (mail_id, number),
  check ((outcome is null) = (ended_at is null))
);
alter table mail_try enable row level security;
create policy seller on mail_try to emporion_seller using (true) with check (true);
grant select, insert, update, delete on mail_try to emporion_seller;
