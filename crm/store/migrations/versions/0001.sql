CREATE TABLE attachment_content ( 	sha256 VARCHAR(64) NOT NULL, 	content BLOB NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_attachment_content_sha256 CHECK (length(sha256) = 64), 	CONSTRAINT uq_attachment_content_sha256 UNIQUE (sha256) );

CREATE TABLE consent_text ( 	purpose VARCHAR(40) NOT NULL, 	version VARCHAR(40) NOT NULL, 	text TEXT NOT NULL, 	sha256 VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_consent_text_purpose_version UNIQUE (purpose, version) );

CREATE TABLE template ( 	name VARCHAR(200) NOT NULL, 	kind VARCHAR(40) NOT NULL, 	channel VARCHAR(40) NOT NULL, 	language VARCHAR(5) NOT NULL, 	subject VARCHAR(500) NOT NULL, 	body TEXT NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_template_name_language UNIQUE (name, language), 	CONSTRAINT ck_template_language CHECK (language IN ('ru', 'en')) );

CREATE TABLE deed ( 	kind VARCHAR(10) NOT NULL, 	label VARCHAR(200) NOT NULL, 	arguments JSON NOT NULL, 	at DATETIME NOT NULL, 	root_id INTEGER, 	reverses_id INTEGER, 	in_force BOOLEAN NOT NULL, 	first_change INTEGER, 	last_change INTEGER, 	tables TEXT NOT NULL, 	previous_hash VARCHAR(64) NOT NULL, 	hash VARCHAR(64) NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_deed_kind CHECK (kind IN ('do', 'undo', 'redo')), 	CONSTRAINT ck_deed_in_force CHECK (in_force IN (0, 1)), 	CONSTRAINT fk_deed_root_id FOREIGN KEY(root_id) REFERENCES deed (id), 	CONSTRAINT fk_deed_reverses_id FOREIGN KEY(reverses_id) REFERENCES deed (id), 	CONSTRAINT uq_deed_uid UNIQUE (uid) );

CREATE TABLE open_deed ( 	id INTEGER NOT NULL, 	deed_id INTEGER, 	CONSTRAINT pk_open_deed PRIMARY KEY (id), 	CONSTRAINT ck_open_deed_single CHECK (id = 1) );

CREATE TABLE stale_person ( 	person_id INTEGER NOT NULL, 	search INTEGER NOT NULL, 	score INTEGER NOT NULL, 	CONSTRAINT pk_stale_person PRIMARY KEY (person_id) );

CREATE TABLE stale_event ( 	event_id INTEGER NOT NULL, 	CONSTRAINT pk_stale_event PRIMARY KEY (event_id) );

CREATE TABLE event_kind ( 	"key" VARCHAR(40) NOT NULL, 	name VARCHAR(200) NOT NULL, 	colour VARCHAR(20) NOT NULL, 	position INTEGER NOT NULL, 	archived_at DATETIME, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_event_kind_key UNIQUE ("key") );

CREATE TABLE series ( 	title VARCHAR(300) NOT NULL, 	note TEXT NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_series_uid UNIQUE (uid) );

CREATE TABLE event_template ( 	name VARCHAR(200) NOT NULL, 	fields JSON NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_event_template_name UNIQUE (name) );

CREATE TABLE topic ( 	name VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_topic_search_name UNIQUE (search_name) );

CREATE TABLE organisation ( 	name VARCHAR(200) NOT NULL, 	match_key VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	sort_key VARCHAR(400) NOT NULL, 	city VARCHAR(200) NOT NULL, 	site VARCHAR(500) NOT NULL, 	note TEXT NOT NULL, 	created_at DATETIME NOT NULL, 	archived_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_organisation_name CHECK (length(name) BETWEEN 1 AND 200), 	CONSTRAINT uq_organisation_uid UNIQUE (uid) );

CREATE TABLE tag ( 	name VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	colour VARCHAR(20) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_tag_name CHECK (length(name) BETWEEN 1 AND 200), 	CONSTRAINT uq_tag_search_name UNIQUE (search_name) );

CREATE TABLE custom_field ( 	"key" VARCHAR(80) NOT NULL, 	name VARCHAR(200) NOT NULL, 	kind VARCHAR(20) NOT NULL, 	choices JSON NOT NULL, 	position INTEGER NOT NULL, 	archived_at DATETIME, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_custom_field_kind CHECK (kind IN ('text', 'number', 'date', 'choice', 'yes_no')), 	CONSTRAINT uq_custom_field_key UNIQUE ("key") );

CREATE TABLE saved_view ( 	page VARCHAR(40) NOT NULL, 	name VARCHAR(200) NOT NULL, 	"view" JSON NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_saved_view_page_name UNIQUE (page, name) );

CREATE TABLE import_layout ( 	signature VARCHAR(64) NOT NULL, 	name VARCHAR(200) NOT NULL, 	mapping JSON NOT NULL, 	used_at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_import_layout_signature UNIQUE (signature) );

CREATE TABLE name_word ( 	word VARCHAR(200) NOT NULL, 	CONSTRAINT pk_name_word PRIMARY KEY (word) )  WITHOUT ROWID;

CREATE TABLE figure_record ( 	"key" VARCHAR(80) NOT NULL, 	month DATE NOT NULL, 	value VARCHAR(80), 	n INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_figure_record_key_month UNIQUE ("key", month) );

CREATE TABLE setting ( 	"key" VARCHAR(80) NOT NULL, 	value JSON NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_setting_key UNIQUE ("key") );

CREATE TABLE report_run ( 	kind VARCHAR(40) NOT NULL, 	choices JSON NOT NULL, 	made_at DATETIME NOT NULL, 	pages INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT );

CREATE TABLE report_favourite ( 	name VARCHAR(200) NOT NULL, 	kind VARCHAR(40) NOT NULL, 	choices JSON NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_report_favourite_name UNIQUE (name) );

CREATE TABLE import_file ( 	deed_id INTEGER NOT NULL, 	name VARCHAR(500) NOT NULL, 	sha256 VARCHAR(64) NOT NULL, 	kind VARCHAR(40) NOT NULL, 	encoding VARCHAR(40) NOT NULL, 	read INTEGER NOT NULL, 	added INTEGER NOT NULL, 	updated INTEGER NOT NULL, 	unchanged INTEGER NOT NULL, 	rejected INTEGER NOT NULL, 	at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT );

CREATE TABLE access_log ( 	on_day DATE NOT NULL, 	act VARCHAR(40) NOT NULL, 	reason VARCHAR(200) NOT NULL, 	people INTEGER NOT NULL, 	times INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_access_log_on_day_act_reason UNIQUE (on_day, act, reason) );

CREATE TABLE erasure_ledger ( 	person_hash VARCHAR(64) NOT NULL, 	at DATETIME NOT NULL, 	reason TEXT NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_erasure_ledger_person_hash UNIQUE (person_hash) );

CREATE TABLE suppression ( 	contact_hash VARCHAR(64) NOT NULL, 	at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_suppression_contact_hash UNIQUE (contact_hash) );

CREATE TABLE store_note ( 	"key" VARCHAR(80) NOT NULL, 	value TEXT NOT NULL, 	CONSTRAINT pk_store_note PRIMARY KEY ("key") );

CREATE TABLE segment ( 	name VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	description TEXT NOT NULL, 	kind VARCHAR(20) NOT NULL, 	rule JSON NOT NULL, 	glyph VARCHAR(40) NOT NULL, 	starter VARCHAR(80) NOT NULL, 	pinned BOOLEAN NOT NULL, 	position INTEGER NOT NULL, 	created_at DATETIME NOT NULL, 	changed_at DATETIME NOT NULL, 	frozen_at DATETIME, 	archived_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_segment_kind CHECK (kind IN ('live', 'frozen')), 	CONSTRAINT ck_segment_pinned CHECK (pinned IN (0, 1)), 	CONSTRAINT ck_segment_name CHECK (length(name) BETWEEN 1 AND 200), 	CONSTRAINT uq_segment_uid UNIQUE (uid) );

CREATE TABLE change ( 	deed_id INTEGER NOT NULL, 	table_name VARCHAR(40) NOT NULL, 	row_id INTEGER NOT NULL, 	action VARCHAR(1) NOT NULL, 	"before" TEXT, 	person_id INTEGER, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_change_action CHECK (action IN ('I', 'U', 'D')), 	CONSTRAINT ck_change_before CHECK ((action = 'I') = (before IS NULL)), 	CONSTRAINT fk_change_deed_id FOREIGN KEY(deed_id) REFERENCES deed (id) );

CREATE TABLE checklist_item ( 	template_id INTEGER NOT NULL, 	title VARCHAR(500) NOT NULL, 	offset_days INTEGER NOT NULL, 	day_off_allowed BOOLEAN NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT fk_checklist_item_template_id FOREIGN KEY(template_id) REFERENCES event_template (id) ON DELETE CASCADE );

CREATE TABLE event ( 	title VARCHAR(300) NOT NULL, 	search_title VARCHAR(300) NOT NULL, 	kind_id INTEGER NOT NULL, 	format VARCHAR(20) NOT NULL, 	status VARCHAR(20) NOT NULL, 	starts_at DATETIME NOT NULL, 	ends_at DATETIME NOT NULL, 	zone VARCHAR(64) NOT NULL, 	held_on DATE NOT NULL, 	place VARCHAR(300) NOT NULL, 	address VARCHAR(500) NOT NULL, 	link VARCHAR(1000) NOT NULL, 	capacity INTEGER, 	approval BOOLEAN NOT NULL, 	tracks_exits BOOLEAN NOT NULL, 	minutes_threshold INTEGER, 	description TEXT NOT NULL, 	agenda TEXT NOT NULL, 	series_id INTEGER, 	template_id INTEGER, 	created_at DATETIME NOT NULL, 	opened_at DATETIME, 	closed_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_event_format CHECK (format IN ('offline', 'online', 'hybrid')), 	CONSTRAINT ck_event_status CHECK (status IN ('planned', 'open', 'closed', 'cancelled')), 	CONSTRAINT ck_event_approval CHECK (approval IN (0, 1)), 	CONSTRAINT ck_event_tracks_exits CHECK (tracks_exits IN (0, 1)), 	CONSTRAINT ck_event_ends_after_start CHECK (ends_at >= starts_at), 	CONSTRAINT ck_event_capacity CHECK (capacity IS NULL OR capacity > 0), 	CONSTRAINT ck_event_title CHECK (length(title) BETWEEN 1 AND 300), 	CONSTRAINT fk_event_kind_id FOREIGN KEY(kind_id) REFERENCES event_kind (id) ON DELETE RESTRICT, 	CONSTRAINT fk_event_series_id FOREIGN KEY(series_id) REFERENCES series (id) ON DELETE SET NULL, 	CONSTRAINT fk_event_template_id FOREIGN KEY(template_id) REFERENCES event_template (id) ON DELETE SET NULL, 	CONSTRAINT uq_event_uid UNIQUE (uid) );

CREATE TABLE person ( 	kind VARCHAR(20) NOT NULL, 	family_name VARCHAR(200) NOT NULL, 	given_name VARCHAR(200) NOT NULL, 	additional_name VARCHAR(200) NOT NULL, 	nickname VARCHAR(200) NOT NULL, 	prefix VARCHAR(100) NOT NULL, 	suffix VARCHAR(100) NOT NULL, 	search_names TEXT NOT NULL, 	sort_key TEXT NOT NULL, 	address_as VARCHAR(200) NOT NULL, 	address_form VARCHAR(20) NOT NULL, 	gender VARCHAR(20) NOT NULL, 	preferred_channel VARCHAR(40) NOT NULL, 	organisation_id INTEGER, 	job_title VARCHAR(200) NOT NULL, 	city VARCHAR(200) NOT NULL, 	search_city VARCHAR(200) NOT NULL, 	birth_year INTEGER, 	birth_month INTEGER, 	birth_day INTEGER, 	birthday_text VARCHAR(200) NOT NULL, 	joined_on DATE, 	source VARCHAR(200) NOT NULL, 	referred_by_id INTEGER, 	note TEXT NOT NULL, 	search_note TEXT NOT NULL, 	care_note TEXT NOT NULL, 	blocked BOOLEAN NOT NULL, 	created_at DATETIME NOT NULL, 	changed_at DATETIME NOT NULL, 	archived_at DATETIME, 	deleted_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_person_kind CHECK (kind IN ('member', 'partner', 'media', 'client', 'team')), 	CONSTRAINT ck_person_address_form CHECK (address_form IN ('unknown', 'informal', 'formal')), 	CONSTRAINT ck_person_gender CHECK (gender IN ('unknown', 'female', 'male')), 	CONSTRAINT ck_person_blocked CHECK (blocked IN (0, 1)), 	CONSTRAINT ck_person_birth_month CHECK (birth_month IS NULL OR birth_month BETWEEN 1 AND 12), 	CONSTRAINT ck_person_birth_day CHECK (birth_day IS NULL OR birth_day BETWEEN 1 AND 31), 	CONSTRAINT ck_person_birthday_whole CHECK ((birth_month IS NULL) = (birth_day IS NULL)), 	CONSTRAINT ck_person_birth_year_alone CHECK (birth_year IS NULL OR birth_month IS NOT NULL), 	CONSTRAINT ck_person_referred_by_self CHECK (referred_by_id IS NULL OR referred_by_id <> id), 	CONSTRAINT fk_person_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE SET NULL, 	CONSTRAINT fk_person_referred_by_id FOREIGN KEY(referred_by_id) REFERENCES person (id) ON DELETE SET NULL, 	CONSTRAINT uq_person_uid UNIQUE (uid) );

CREATE TABLE segment_snapshot ( 	segment_id INTEGER NOT NULL, 	taken_on DATE NOT NULL, 	count INTEGER NOT NULL, 	entered JSON NOT NULL, 	"left" JSON NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_segment_snapshot_segment_id_taken_on UNIQUE (segment_id, taken_on), 	CONSTRAINT fk_segment_snapshot_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE CASCADE );

CREATE TABLE import_row ( 	import_file_id INTEGER NOT NULL, 	number INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	outcome VARCHAR(20) NOT NULL, 	fingerprint VARCHAR(20), 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_import_row_outcome CHECK (outcome IN ('added', 'updated')), 	CONSTRAINT fk_import_row_import_file_id FOREIGN KEY(import_file_id) REFERENCES import_file (id) ON DELETE CASCADE );

CREATE TABLE segment_automation ( 	segment_id INTEGER NOT NULL, 	action VARCHAR(20) NOT NULL, 	arguments JSON NOT NULL, 	active BOOLEAN NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_segment_automation_action CHECK (action IN ('task', 'tag')), 	CONSTRAINT ck_segment_automation_active CHECK (active IN (0, 1)), 	CONSTRAINT fk_segment_automation_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE CASCADE );

CREATE TABLE attachment ( 	owner_table VARCHAR(40) NOT NULL, 	owner_id INTEGER NOT NULL, 	person_id INTEGER, 	purpose VARCHAR(40) NOT NULL, 	file_name VARCHAR(255) NOT NULL, 	media_type VARCHAR(100) NOT NULL, 	size INTEGER NOT NULL, 	content_id INTEGER NOT NULL, 	added_at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_attachment_size CHECK (size >= 0), 	CONSTRAINT fk_attachment_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_attachment_content_id FOREIGN KEY(content_id) REFERENCES attachment_content (id) ON DELETE RESTRICT );

CREATE TABLE consent ( 	person_id INTEGER NOT NULL, 	purpose VARCHAR(40) NOT NULL, 	channel VARCHAR(40) NOT NULL, 	status VARCHAR(20) NOT NULL, 	text_id INTEGER, 	source VARCHAR(200) NOT NULL, 	proof TEXT NOT NULL, 	given_on DATE NOT NULL, 	expires_on DATE, 	corrects_id INTEGER, 	entered_at DATETIME NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_consent_status CHECK (status IN ('given', 'refused', 'withdrawn', 'entered_by_mistake')), 	CONSTRAINT fk_consent_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_consent_text_id FOREIGN KEY(text_id) REFERENCES consent_text (id) ON DELETE RESTRICT, 	CONSTRAINT fk_consent_corrects_id FOREIGN KEY(corrects_id) REFERENCES consent (id) ON DELETE RESTRICT, 	CONSTRAINT uq_consent_uid UNIQUE (uid) );

CREATE TABLE do_not_contact ( 	person_id INTEGER NOT NULL, 	channel VARCHAR(40) NOT NULL, 	until_on DATE, 	reason TEXT NOT NULL, 	since_on DATE NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_do_not_contact_person_id_channel UNIQUE (person_id, channel), 	CONSTRAINT fk_do_not_contact_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE interaction ( 	kind VARCHAR(20) NOT NULL, 	at DATETIME NOT NULL, 	direction VARCHAR(10) NOT NULL, 	channel VARCHAR(40) NOT NULL, 	minutes INTEGER, 	summary TEXT NOT NULL, 	event_id INTEGER, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_interaction_kind CHECK (kind IN ('call', 'message', 'meeting', 'letter', 'note')), 	CONSTRAINT ck_interaction_direction CHECK (direction IN ('', 'in', 'out')), 	CONSTRAINT ck_interaction_minutes CHECK (minutes IS NULL OR minutes >= 0), 	CONSTRAINT fk_interaction_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE SET NULL, 	CONSTRAINT uq_interaction_uid UNIQUE (uid) );

CREATE TABLE cadence ( 	person_id INTEGER, 	segment_id INTEGER, 	days INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_cadence_one_owner CHECK ((person_id IS NULL) <> (segment_id IS NULL)), 	CONSTRAINT ck_cadence_days CHECK (days BETWEEN 1 AND 3650), 	CONSTRAINT uq_cadence_person_id UNIQUE (person_id), 	CONSTRAINT uq_cadence_segment_id UNIQUE (segment_id), 	CONSTRAINT fk_cadence_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_cadence_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE CASCADE );

CREATE TABLE message ( 	purpose VARCHAR(40) NOT NULL, 	subject VARCHAR(500) NOT NULL, 	body TEXT NOT NULL, 	template_id INTEGER, 	event_id INTEGER, 	segment_id INTEGER, 	created_at DATETIME NOT NULL, 	finished_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT fk_message_template_id FOREIGN KEY(template_id) REFERENCES template (id) ON DELETE SET NULL, 	CONSTRAINT fk_message_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE SET NULL, 	CONSTRAINT fk_message_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE SET NULL, 	CONSTRAINT uq_message_uid UNIQUE (uid) );

CREATE TABLE event_cost ( 	event_id INTEGER NOT NULL, 	title VARCHAR(300) NOT NULL, 	planned_minor INTEGER, 	actual_minor INTEGER, 	currency VARCHAR(3) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT fk_event_cost_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE );

CREATE TABLE talk ( 	person_id INTEGER NOT NULL, 	event_id INTEGER, 	title VARCHAR(300) NOT NULL, 	abstract TEXT NOT NULL, 	status VARCHAR(20) NOT NULL, 	materials TEXT NOT NULL, 	position INTEGER NOT NULL, 	changed_at DATETIME NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_talk_status CHECK (status IN ('proposed', 'agreed', 'abstract', 'slides', 'given', 'recorded', 'declined')), 	CONSTRAINT fk_talk_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_talk_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE SET NULL, 	CONSTRAINT uq_talk_uid UNIQUE (uid) );

CREATE TABLE event_question ( 	event_id INTEGER NOT NULL, 	"key" VARCHAR(200) NOT NULL, 	text TEXT NOT NULL, 	show_at_desk BOOLEAN NOT NULL, 	ask_at_desk BOOLEAN NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_event_question_event_id_key UNIQUE (event_id, "key"), 	CONSTRAINT ck_event_question_show_at_desk CHECK (show_at_desk IN (0, 1)), 	CONSTRAINT ck_event_question_ask_at_desk CHECK (ask_at_desk IN (0, 1)), 	CONSTRAINT fk_event_question_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE );

CREATE TABLE attendance ( 	event_id INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	role VARCHAR(20) NOT NULL, 	status VARCHAR(20) NOT NULL, 	ticket_code VARCHAR(20), 	external_key VARCHAR(200) NOT NULL, 	source VARCHAR(200) NOT NULL, 	invited_at DATETIME, 	registered_at DATETIME, 	first_in_at DATETIME, 	cancelled_at DATETIME, 	guest_count INTEGER NOT NULL, 	guest_of_id INTEGER, 	transferred_to_id INTEGER, 	entered_later BOOLEAN NOT NULL, 	over_capacity BOOLEAN NOT NULL, 	minutes INTEGER, 	desk_note TEXT NOT NULL, 	event_on DATE NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_attendance_event_id_person_id UNIQUE (event_id, person_id), 	CONSTRAINT ck_attendance_role CHECK (role IN ('guest', 'speaker', 'organiser', 'volunteer', 'mentor')), 	CONSTRAINT ck_attendance_status CHECK (status IN ('invited', 'pending', 'waitlisted', 'registered', 'attended', 'walk_in', 'no_show', 'cancelled', 'rejected', 'transferred')), 	CONSTRAINT ck_attendance_entered_later CHECK (entered_later IN (0, 1)), 	CONSTRAINT ck_attendance_over_capacity CHECK (over_capacity IN (0, 1)), 	CONSTRAINT ck_attendance_guest_count CHECK (guest_count >= 0), 	CONSTRAINT ck_attendance_minutes CHECK (minutes IS NULL OR minutes >= 0), 	CONSTRAINT ck_attendance_ticket_code CHECK (ticket_code IS NULL OR ticket_code NOT GLOB '*[^0-9]*'), 	CONSTRAINT fk_attendance_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE, 	CONSTRAINT fk_attendance_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT uq_attendance_ticket_code UNIQUE (ticket_code), 	CONSTRAINT fk_attendance_guest_of_id FOREIGN KEY(guest_of_id) REFERENCES person (id) ON DELETE SET NULL, 	CONSTRAINT fk_attendance_transferred_to_id FOREIGN KEY(transferred_to_id) REFERENCES person (id) ON DELETE SET NULL, 	CONSTRAINT uq_attendance_uid UNIQUE (uid) );

CREATE TABLE survey ( 	title VARCHAR(300) NOT NULL, 	template_key VARCHAR(80) NOT NULL, 	event_id INTEGER, 	anonymity VARCHAR(20) NOT NULL, 	language VARCHAR(5) NOT NULL, 	version INTEGER NOT NULL, 	created_at DATETIME NOT NULL, 	archived_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_survey_anonymity CHECK (anonymity IN ('anonymous', 'named', 'choice')), 	CONSTRAINT ck_survey_language CHECK (language IN ('ru', 'en')), 	CONSTRAINT fk_survey_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE SET NULL, 	CONSTRAINT uq_survey_uid UNIQUE (uid) );

CREATE TABLE contact_point ( 	person_id INTEGER NOT NULL, 	kind VARCHAR(40) NOT NULL, 	value VARCHAR(500) NOT NULL, 	typed VARCHAR(500) NOT NULL, 	label VARCHAR(200) NOT NULL, 	preferred BOOLEAN NOT NULL, 	valid BOOLEAN NOT NULL, 	"key" VARCHAR(500), 	search_text VARCHAR(500) NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_contact_point_person_id_kind_value UNIQUE (person_id, kind, value), 	CONSTRAINT ck_contact_point_preferred CHECK (preferred IN (0, 1)), 	CONSTRAINT ck_contact_point_valid CHECK (valid IN (0, 1)), 	CONSTRAINT ck_contact_point_value CHECK (length(value) > 0), 	CONSTRAINT fk_contact_point_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE address ( 	person_id INTEGER NOT NULL, 	street TEXT NOT NULL, 	city VARCHAR(200) NOT NULL, 	region VARCHAR(200) NOT NULL, 	postcode VARCHAR(40) NOT NULL, 	country VARCHAR(200) NOT NULL, 	label VARCHAR(200) NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT fk_address_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE person_tag ( 	person_id INTEGER NOT NULL, 	tag_id INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_person_tag_person_id_tag_id UNIQUE (person_id, tag_id), 	CONSTRAINT fk_person_tag_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_person_tag_tag_id FOREIGN KEY(tag_id) REFERENCES tag (id) ON DELETE CASCADE );

CREATE TABLE language ( 	person_id INTEGER NOT NULL, 	name VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_language_person_id_search_name UNIQUE (person_id, search_name), 	CONSTRAINT fk_language_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE skill ( 	person_id INTEGER NOT NULL, 	name VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_skill_person_id_search_name UNIQUE (person_id, search_name), 	CONSTRAINT fk_skill_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE motive ( 	person_id INTEGER NOT NULL, 	name VARCHAR(200) NOT NULL, 	search_name VARCHAR(200) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_motive_person_id_search_name UNIQUE (person_id, search_name), 	CONSTRAINT fk_motive_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE need_offer ( 	person_id INTEGER NOT NULL, 	direction VARCHAR(20) NOT NULL, 	text VARCHAR(200) NOT NULL, 	search_text VARCHAR(200) NOT NULL, 	closed_on DATE, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_need_offer_direction CHECK (direction IN ('offers', 'seeks')), 	CONSTRAINT fk_need_offer_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE custom_value ( 	person_id INTEGER NOT NULL, 	field_id INTEGER NOT NULL, 	value TEXT NOT NULL, 	search_value TEXT NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_custom_value_person_id_field_id UNIQUE (person_id, field_id), 	CONSTRAINT fk_custom_value_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_custom_value_field_id FOREIGN KEY(field_id) REFERENCES custom_field (id) ON DELETE CASCADE );

CREATE TABLE relationship ( 	person_id INTEGER NOT NULL, 	other_id INTEGER NOT NULL, 	kind VARCHAR(40) NOT NULL, 	note TEXT NOT NULL, 	since_on DATE, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_relationship_person_id_other_id_kind UNIQUE (person_id, other_id, kind), 	CONSTRAINT ck_relationship_not_self CHECK (person_id <> other_id), 	CONSTRAINT fk_relationship_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_relationship_other_id FOREIGN KEY(other_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE merged_person ( 	old_uid VARCHAR(64) NOT NULL, 	old_id INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	merged_at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_merged_person_old_uid UNIQUE (old_uid), 	CONSTRAINT fk_merged_person_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE possible_duplicate ( 	person_id INTEGER NOT NULL, 	other_id INTEGER NOT NULL, 	reason VARCHAR(40) NOT NULL, 	found_at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_possible_duplicate_person_id_other_id UNIQUE (person_id, other_id), 	CONSTRAINT ck_possible_duplicate_ordered CHECK (person_id < other_id), 	CONSTRAINT fk_possible_duplicate_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_possible_duplicate_other_id FOREIGN KEY(other_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE not_duplicate ( 	person_id INTEGER NOT NULL, 	other_id INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_not_duplicate_person_id_other_id UNIQUE (person_id, other_id), 	CONSTRAINT ck_not_duplicate_ordered CHECK (person_id < other_id), 	CONSTRAINT fk_not_duplicate_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_not_duplicate_other_id FOREIGN KEY(other_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE extra_property ( 	person_id INTEGER NOT NULL, 	group_name VARCHAR(200) NOT NULL, 	name VARCHAR(200) NOT NULL, 	parameters TEXT NOT NULL, 	value TEXT NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT fk_extra_property_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE act ( 	person_id INTEGER NOT NULL, 	kind VARCHAR(40) NOT NULL, 	month DATE NOT NULL, 	count INTEGER NOT NULL, 	source VARCHAR(200) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_act_person_id_kind_month_source UNIQUE (person_id, kind, month, source), 	CONSTRAINT fk_act_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE person_score ( 	person_id INTEGER NOT NULL, 	attended INTEGER NOT NULL, 	first_visit_on DATE, 	last_visit_on DATE, 	love_hundredths INTEGER NOT NULL, 	level VARCHAR(20) NOT NULL, 	CONSTRAINT pk_person_score PRIMARY KEY (person_id), 	CONSTRAINT ck_person_score_level CHECK (level IN ('none', 'new', 'fading', 'core', 'active', 'member')), 	CONSTRAINT fk_person_score_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE event_totals ( 	event_id INTEGER NOT NULL, 	invited INTEGER NOT NULL, 	registered INTEGER NOT NULL, 	came_registered INTEGER NOT NULL, 	walk_ins INTEGER NOT NULL, 	guests INTEGER NOT NULL, 	cancelled INTEGER NOT NULL, 	waitlisted INTEGER NOT NULL, 	no_shows INTEGER NOT NULL, 	responses INTEGER NOT NULL, 	nps_answers INTEGER NOT NULL, 	promoters INTEGER NOT NULL, 	detractors INTEGER NOT NULL, 	CONSTRAINT pk_event_totals PRIMARY KEY (event_id), 	CONSTRAINT fk_event_totals_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE );

CREATE TABLE score_month ( 	person_id INTEGER NOT NULL, 	month DATE NOT NULL, 	love_hundredths INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_score_month_person_id_month UNIQUE (person_id, month), 	CONSTRAINT fk_score_month_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE level_change ( 	person_id INTEGER NOT NULL, 	level_from VARCHAR(20) NOT NULL, 	level_to VARCHAR(20) NOT NULL, 	changed_on DATE NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_level_change_level_from CHECK (level_from IN ('none', 'new', 'fading', 'core', 'active', 'member')), 	CONSTRAINT ck_level_change_level_to CHECK (level_to IN ('none', 'new', 'fading', 'core', 'active', 'member')), 	CONSTRAINT fk_level_change_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE segment_member ( 	segment_id INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	state VARCHAR(20) NOT NULL, 	added_at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_segment_member_segment_id_person_id UNIQUE (segment_id, person_id), 	CONSTRAINT ck_segment_member_state CHECK (state IN ('frozen', 'include', 'exclude')), 	CONSTRAINT fk_segment_member_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE CASCADE, 	CONSTRAINT fk_segment_member_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE interaction_person ( 	interaction_id INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_interaction_person_interaction_id_person_id UNIQUE (interaction_id, person_id), 	CONSTRAINT fk_interaction_person_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id) ON DELETE CASCADE, 	CONSTRAINT fk_interaction_person_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE message_recipient ( 	message_id INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	state VARCHAR(20) NOT NULL, 	reason VARCHAR(40) NOT NULL, 	channel VARCHAR(40) NOT NULL, 	address VARCHAR(500) NOT NULL, 	body TEXT NOT NULL, 	position INTEGER NOT NULL, 	sent_at DATETIME, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_message_recipient_message_id_person_id UNIQUE (message_id, person_id), 	CONSTRAINT ck_message_recipient_state CHECK (state IN ('queued', 'sent', 'skipped', 'left_out')), 	CONSTRAINT fk_message_recipient_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE, 	CONSTRAINT fk_message_recipient_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE TABLE attendance_answer ( 	attendance_id INTEGER NOT NULL, 	question_id INTEGER NOT NULL, 	answer TEXT NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_attendance_answer_attendance_id_question_id UNIQUE (attendance_id, question_id), 	CONSTRAINT fk_attendance_answer_attendance_id FOREIGN KEY(attendance_id) REFERENCES attendance (id) ON DELETE CASCADE, 	CONSTRAINT fk_attendance_answer_question_id FOREIGN KEY(question_id) REFERENCES event_question (id) ON DELETE CASCADE );

CREATE TABLE scan ( 	event_id INTEGER NOT NULL, 	attendance_id INTEGER, 	device VARCHAR(80) NOT NULL, 	text VARCHAR(200) NOT NULL, 	direction VARCHAR(10) NOT NULL, 	order_number INTEGER NOT NULL, 	at DATETIME NOT NULL, 	result VARCHAR(20) NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_scan_result CHECK (result IN ('ok', 'already', 'ambiguous', 'not_found', 'wrong_event', 'malformed', 'not_approved', 'cancelled', 'waitlisted', 'blocked', 'event_closed', 'over_capacity', 'undone')), 	CONSTRAINT ck_scan_direction CHECK (direction IN ('in', 'out')), 	CONSTRAINT fk_scan_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE, 	CONSTRAINT fk_scan_attendance_id FOREIGN KEY(attendance_id) REFERENCES attendance (id) ON DELETE SET NULL, 	CONSTRAINT uq_scan_uid UNIQUE (uid) );

CREATE TABLE question ( 	survey_id INTEGER NOT NULL, 	version INTEGER NOT NULL, 	kind VARCHAR(20) NOT NULL, 	text TEXT NOT NULL, 	required BOOLEAN NOT NULL, 	choices JSON NOT NULL, 	scale_low INTEGER, 	scale_high INTEGER, 	asked_when JSON NOT NULL, 	position INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_question_kind CHECK (kind IN ('nps', 'csat', 'choice', 'choices', 'scale', 'text', 'yes_no', 'contact')), 	CONSTRAINT ck_question_required CHECK (required IN (0, 1)), 	CONSTRAINT fk_question_survey_id FOREIGN KEY(survey_id) REFERENCES survey (id) ON DELETE CASCADE );

CREATE TABLE response ( 	survey_id INTEGER NOT NULL, 	event_id INTEGER, 	person_id INTEGER, 	anonymous BOOLEAN NOT NULL, 	at DATETIME NOT NULL, 	on_day DATE NOT NULL, 	source VARCHAR(200) NOT NULL, 	external_key VARCHAR(200) NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_response_anonymous CHECK (anonymous IN (0, 1)), 	CONSTRAINT ck_response_anonymous_has_no_person CHECK (anonymous = 0 OR person_id IS NULL), 	CONSTRAINT fk_response_survey_id FOREIGN KEY(survey_id) REFERENCES survey (id) ON DELETE CASCADE, 	CONSTRAINT fk_response_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE SET NULL, 	CONSTRAINT fk_response_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL, 	CONSTRAINT uq_response_uid UNIQUE (uid) );

CREATE TABLE answer ( 	response_id INTEGER NOT NULL, 	question_id INTEGER NOT NULL, 	kind VARCHAR(20) NOT NULL, 	number INTEGER, 	text TEXT NOT NULL, 	choices JSON NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_answer_response_id_question_id UNIQUE (response_id, question_id), 	CONSTRAINT ck_answer_kind CHECK (kind IN ('nps', 'csat', 'choice', 'choices', 'scale', 'text', 'yes_no', 'contact')), 	CONSTRAINT ck_answer_nps_range CHECK (kind <> 'nps' OR number BETWEEN 0 AND 10), 	CONSTRAINT ck_answer_csat_range CHECK (kind <> 'csat' OR number BETWEEN 1 AND 5), 	CONSTRAINT fk_answer_response_id FOREIGN KEY(response_id) REFERENCES response (id) ON DELETE CASCADE, 	CONSTRAINT fk_answer_question_id FOREIGN KEY(question_id) REFERENCES question (id) ON DELETE RESTRICT );

CREATE TABLE feedback_item ( 	kind VARCHAR(20) NOT NULL, 	about VARCHAR(20) NOT NULL, 	title VARCHAR(300) NOT NULL, 	text TEXT NOT NULL, 	search_text TEXT NOT NULL, 	person_id INTEGER, 	anonymous BOOLEAN NOT NULL, 	event_id INTEGER, 	response_id INTEGER, 	at DATETIME NOT NULL, 	owner VARCHAR(200) NOT NULL, 	external_number VARCHAR(200) NOT NULL, 	due_on DATE, 	status VARCHAR(20) NOT NULL, 	reply TEXT NOT NULL, 	replied_at DATETIME, 	told_on DATE, 	merged_into_id INTEGER, 	quote_consent VARCHAR(20) NOT NULL, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_feedback_item_kind CHECK (kind IN ('idea', 'problem', 'praise', 'question')), 	CONSTRAINT ck_feedback_item_about CHECK (about IN ('product', 'service', 'support', 'event', 'community')), 	CONSTRAINT ck_feedback_item_status CHECK (status IN ('new', 'considering', 'in_progress', 'done', 'told', 'declined')), 	CONSTRAINT ck_feedback_item_quote_consent CHECK (quote_consent IN ('unknown', 'granted', 'refused')), 	CONSTRAINT ck_feedback_item_anonymous CHECK (anonymous IN (0, 1)), 	CONSTRAINT ck_feedback_item_anonymous_has_no_person CHECK (anonymous = 0 OR person_id IS NULL), 	CONSTRAINT ck_feedback_item_text CHECK (length(text) > 0), 	CONSTRAINT fk_feedback_item_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL, 	CONSTRAINT fk_feedback_item_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE SET NULL, 	CONSTRAINT fk_feedback_item_response_id FOREIGN KEY(response_id) REFERENCES response (id) ON DELETE SET NULL, 	CONSTRAINT fk_feedback_item_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES feedback_item (id) ON DELETE SET NULL, 	CONSTRAINT uq_feedback_item_uid UNIQUE (uid) );

CREATE TABLE task ( 	kind VARCHAR(20) NOT NULL, 	title VARCHAR(500) NOT NULL, 	note TEXT NOT NULL, 	due_on DATE, 	person_id INTEGER, 	event_id INTEGER, 	segment_id INTEGER, 	feedback_item_id INTEGER, 	checklist_item_id INTEGER, 	position INTEGER NOT NULL, 	created_at DATETIME NOT NULL, 	done_at DATETIME, 	uid VARCHAR(64) NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT ck_task_kind CHECK (kind IN ('task', 'follow_up', 'checklist', 'cadence')), 	CONSTRAINT fk_task_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE, 	CONSTRAINT fk_task_event_id FOREIGN KEY(event_id) REFERENCES event (id) ON DELETE CASCADE, 	CONSTRAINT fk_task_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE SET NULL, 	CONSTRAINT fk_task_feedback_item_id FOREIGN KEY(feedback_item_id) REFERENCES feedback_item (id) ON DELETE SET NULL, 	CONSTRAINT fk_task_checklist_item_id FOREIGN KEY(checklist_item_id) REFERENCES checklist_item (id) ON DELETE SET NULL, 	CONSTRAINT uq_task_uid UNIQUE (uid) );

CREATE TABLE item_topic ( 	item_id INTEGER NOT NULL, 	topic_id INTEGER NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_item_topic_item_id_topic_id UNIQUE (item_id, topic_id), 	CONSTRAINT fk_item_topic_item_id FOREIGN KEY(item_id) REFERENCES feedback_item (id) ON DELETE CASCADE, 	CONSTRAINT fk_item_topic_topic_id FOREIGN KEY(topic_id) REFERENCES topic (id) ON DELETE CASCADE );

CREATE TABLE vote ( 	item_id INTEGER NOT NULL, 	person_id INTEGER NOT NULL, 	at DATETIME NOT NULL, 	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 	CONSTRAINT uq_vote_item_id_person_id UNIQUE (item_id, person_id), 	CONSTRAINT fk_vote_item_id FOREIGN KEY(item_id) REFERENCES feedback_item (id) ON DELETE CASCADE, 	CONSTRAINT fk_vote_person_id FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE );

CREATE VIRTUAL TABLE person_search USING fts5(   names, handles, digits, organisation, facts, notes,   content='', contentless_delete=1, detail=column, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0' );

CREATE INDEX ix_address_person ON address (person_id);

CREATE INDEX ix_answer_kind ON answer (kind, number);

CREATE INDEX ix_answer_question ON answer (question_id);

CREATE INDEX ix_attachment_content ON attachment (content_id);

CREATE INDEX ix_attachment_owner ON attachment (owner_table, owner_id);

CREATE INDEX ix_attachment_person ON attachment (person_id);

CREATE INDEX ix_attendance_answer_question ON attendance_answer (question_id);

CREATE INDEX ix_attendance_event ON attendance (event_id, status, guest_count, invited_at);

CREATE INDEX ix_attendance_guest_of ON attendance (guest_of_id);

CREATE INDEX ix_attendance_person ON attendance (person_id, status, event_on);

CREATE INDEX ix_attendance_transferred_to ON attendance (transferred_to_id);

CREATE INDEX ix_change_person ON change (person_id, id);

CREATE INDEX ix_change_row ON change (table_name, row_id, id);

CREATE INDEX ix_checklist_item_template ON checklist_item (template_id);

CREATE INDEX ix_consent_corrects ON consent (corrects_id);

CREATE INDEX ix_consent_person ON consent (person_id, purpose, channel, id);

CREATE INDEX ix_contact_point_key ON contact_point ("key", kind);

CREATE INDEX ix_custom_value_field ON custom_value (field_id, search_value);

CREATE INDEX ix_deed_reverses ON deed (reverses_id);

CREATE INDEX ix_deed_root ON deed (root_id);

CREATE INDEX ix_event_cost_event ON event_cost (event_id);

CREATE INDEX ix_event_held_on ON event (held_on);

CREATE INDEX ix_event_kind ON event (kind_id);

CREATE INDEX ix_event_series ON event (series_id);

CREATE INDEX ix_event_starts_at ON event (starts_at);

CREATE INDEX ix_extra_property_person ON extra_property (person_id);

CREATE INDEX ix_feedback_item_at ON feedback_item (at);

CREATE INDEX ix_feedback_item_event ON feedback_item (event_id);

CREATE INDEX ix_feedback_item_merged_into ON feedback_item (merged_into_id);

CREATE INDEX ix_feedback_item_person ON feedback_item (person_id);

CREATE INDEX ix_feedback_item_response ON feedback_item (response_id);

CREATE INDEX ix_feedback_item_status ON feedback_item (status, kind);

CREATE INDEX ix_import_file_deed ON import_file (deed_id);

CREATE INDEX ix_import_row_fingerprint ON import_row (fingerprint) WHERE fingerprint IS NOT NULL;

CREATE INDEX ix_import_row_person ON import_row (person_id);

CREATE INDEX ix_interaction_at ON interaction (at);

CREATE INDEX ix_interaction_event ON interaction (event_id);

CREATE INDEX ix_interaction_person_person ON interaction_person (person_id);

CREATE INDEX ix_item_topic_topic ON item_topic (topic_id);

CREATE INDEX ix_level_change_person ON level_change (person_id, changed_on);

CREATE INDEX ix_merged_person_person ON merged_person (person_id);

CREATE INDEX ix_message_event ON message (event_id);

CREATE INDEX ix_message_recipient_person ON message_recipient (person_id, state);

CREATE INDEX ix_message_segment ON message (segment_id);

CREATE INDEX ix_need_offer_person ON need_offer (person_id);

CREATE INDEX ix_not_duplicate_other ON not_duplicate (other_id);

CREATE INDEX ix_organisation_match_key ON organisation (match_key);

CREATE INDEX ix_person_birthday ON person (birth_month, birth_day);

CREATE INDEX ix_person_organisation ON person (organisation_id);

CREATE INDEX ix_person_referred_by ON person (referred_by_id);

CREATE INDEX ix_person_score_attended ON person_score (attended, person_id);

CREATE INDEX ix_person_score_last_visit ON person_score (last_visit_on, person_id);

CREATE INDEX ix_person_score_level ON person_score (level, person_id);

CREATE INDEX ix_person_sort ON person (sort_key, id);

CREATE INDEX ix_person_tag_tag ON person_tag (tag_id, person_id);

CREATE INDEX ix_possible_duplicate_other ON possible_duplicate (other_id);

CREATE INDEX ix_question_survey ON question (survey_id, version, position);

CREATE INDEX ix_relationship_other ON relationship (other_id);

CREATE INDEX ix_report_run_made_at ON report_run (made_at);

CREATE INDEX ix_response_event ON response (event_id);

CREATE INDEX ix_response_on ON response (on_day);

CREATE INDEX ix_response_person ON response (person_id, on_day);

CREATE INDEX ix_response_survey ON response (survey_id);

CREATE INDEX ix_scan_attendance ON scan (attendance_id);

CREATE INDEX ix_scan_event ON scan (event_id, id);

CREATE INDEX ix_segment_automation_segment ON segment_automation (segment_id);

CREATE INDEX ix_segment_member_person ON segment_member (person_id);

CREATE INDEX ix_survey_event ON survey (event_id);

CREATE INDEX ix_talk_event ON talk (event_id);

CREATE INDEX ix_talk_person ON talk (person_id);

CREATE INDEX ix_task_due ON task (done_at, due_on);

CREATE INDEX ix_task_event ON task (event_id);

CREATE INDEX ix_task_feedback_item ON task (feedback_item_id);

CREATE INDEX ix_task_person ON task (person_id);

CREATE INDEX ix_task_segment ON task (segment_id);

CREATE INDEX ix_vote_person ON vote (person_id);
