-- The audit log as a list: in the order of time, of one kind, of what one person did, and of records found by their numbers.
create index audit_at on audit_entry (at, id);
drop index audit_kind;
create index audit_kind on audit_entry (subject_type, at, id);
create index audit_person on audit_entry (user_id, at, id) where user_id is not null;
drop index audit_subject;
create index audit_subject on audit_entry (subject_id, subject_type, id);
