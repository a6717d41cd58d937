-- What the vendor answered when a market's price sheet was last asked for. Markets are not shared out among instances: software is sold
-- through one connection to Partner Center at a time, so a plan exists once and a market is fetched once.
drop table price_sheet_market;

create table price_sheet_fetch (
  market char(2) not null,
  view text not null check (view in ('software', 'updatedlicensebased')),
  asked_at timestamptz not null, -- when it was last put on the list of things to fetch
  answered_at timestamptz,
  outcome text check (outcome in ('new', 'same', 'none', 'failed')),
  sheet_id uuid references price_sheet, -- the release the answer made or met
  problem text, -- why it failed, in words for people
  primary key (market, view),
  check ((outcome is null) = (answered_at is null)),
  check ((outcome is not null and outcome in ('new', 'same')) = (sheet_id is not null)),
  check ((outcome is not null and outcome = 'failed') = (problem is not null))
);

alter table price_sheet_fetch enable row level security;
create policy seller on price_sheet_fetch to emporion_seller using (true) with check (true);
grant select, insert, update, delete on price_sheet_fetch to emporion_seller;

-- Of several that are in use the one that fetched until now stays.
update connector_instance set state = 'inactive'
where connector = 'partner-center' and state = 'active' and id <> (
  select id from connector_instance where connector = 'partner-center' and state = 'active' order by system_name limit 1);
create unique index connector_instance_one_partner_center on connector_instance (connector)
  where state = 'active' and connector = 'partner-center';
