-- A notification's words in other languages, beside its own, which everybody reads whose language has none.
create table notification_text (
  code text not null references notification on delete cascade,
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  subject text not null,
  body text not null,
  updated_at timestamptz not null,
  primary key (code, language)
);
alter table notification_text enable row level security;
create policy seller on notification_text to emporion_seller using (true) with check (true);
grant select, insert, update, delete on notification_text to emporion_seller;
