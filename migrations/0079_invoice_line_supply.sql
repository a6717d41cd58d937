-- When what a line charges was supplied, where it is not a period: the day the licence was delivered (Art. 226 (7) Directive 2006/112/EC).
alter table invoice_line add column supplied_on date;
grant select (supplied_on) on invoice_line to emporion_portal_read;
