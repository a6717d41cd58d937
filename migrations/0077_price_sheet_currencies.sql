-- In which currencies a release has prices: whether the sheet of a country carries a currency decides where its prices come from (S4 a), and
-- is asked with every price.
alter table price_sheet add column currencies text[] not null default '{}';
update price_sheet set currencies = array(
  select distinct currency::text from price_sheet_row where sheet_id = price_sheet.id order by 1)
where state in ('checked', 'active', 'superseded');
