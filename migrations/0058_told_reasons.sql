-- A buyer reads why something failed only where its code says that it is theirs to know (modules/failures), so wherever a vendor's reason is
-- kept its code is kept with it. In histories the reason stands apart from the sentence: the sentence is for everybody. What was written
-- before has no code, and is the seller's.
alter table sync_status add column reason_code text;
alter table return_request add column answer_code text;
alter table subscription_amendment add column reason text;
alter table subscription_amendment add column reason_code text;
alter table order_event add column reason text;
alter table order_event add column reason_code text;

update subscription_amendment set text = split_part(text, '. ', 1) || '.', reason = substr(text, strpos(text, '. ') + 2)
  where kind = 'refused' and strpos(text, '. ') > 0;
update subscription_amendment set text = split_part(text, ': ', 1) || '.', reason = substr(text, strpos(text, ': ') + 2)
  where kind = 'renewal-problem' and strpos(text, ': ') > 0;
update order_event set text = split_part(text, '. ', 1) || '.', reason = substr(text, strpos(text, '. ') + 2)
  where kind = 'note' and text like '%: the vendor refused the return. %';
