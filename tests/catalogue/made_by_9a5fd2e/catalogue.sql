BEGIN TRANSACTION;
CREATE TABLE ablation (
	id INTEGER NOT NULL, 
	grid_id INTEGER NOT NULL, 
	row_no INTEGER NOT NULL, 
	base_row_no INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	components TEXT NOT NULL, 
	replacement TEXT NOT NULL, 
	CONSTRAINT pk_ablation PRIMARY KEY (id), 
	CONSTRAINT fk_ablation_grid_id FOREIGN KEY(grid_id) REFERENCES grid (id), 
	CONSTRAINT uq_ablation_grid_id_row_no_base_row_no UNIQUE (grid_id, row_no, base_row_no)
);
CREATE TABLE absence (
	id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	dataset VARCHAR(64) NOT NULL, 
	quantity VARCHAR(32) NOT NULL, 
	source TEXT NOT NULL, 
	statement TEXT NOT NULL, 
	remark TEXT NOT NULL, 
	CONSTRAINT pk_absence PRIMARY KEY (id), 
	CONSTRAINT fk_absence_paper_id FOREIGN KEY(paper_id) REFERENCES paper (id), 
	CONSTRAINT uq_absence_paper_id_dataset_quantity UNIQUE (paper_id, dataset, quantity)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE checkpoint (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	run_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	sha256 VARCHAR(64), 
	epoch INTEGER, 
	criterion TEXT NOT NULL, 
	selected_on VARCHAR(16) NOT NULL, 
	date DATE, 
	declared_on DATE, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_checkpoint PRIMARY KEY (id), 
	CONSTRAINT fk_checkpoint_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT uq_checkpoint_key UNIQUE ("key"), 
	CONSTRAINT uq_checkpoint_sha256 UNIQUE (sha256)
);
INSERT INTO "checkpoint" VALUES(1,'r1/best',1,'best',NULL,NULL,'','validation',NULL,NULL,'{}');
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	uid VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	target TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	printed TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT uq_decision_uid UNIQUE (uid)
);
INSERT INTO "decision" VALUES(1,'5cf6c9fbad404ff89e1e4bafd1264cae','alias','other','{"model": "OtherNet", "name": "Other", "scope": ""}','','short form','ann','2026-11-26 06:52:34.000000');
INSERT INTO "decision" VALUES(2,'e6d15014ff7f43a69dfc2e7110397b12','correct','a793d39cb545e5f992ea387f05a9fdfe','{"printed": "3.22", "resolution": 0.01, "value": 3.22}','3.21','misread','ann','2026-11-26 06:52:36.000000');
CREATE TABLE document (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	uri TEXT NOT NULL, 
	sha256 VARCHAR(64), 
	paper_id INTEGER, 
	version_id INTEGER, 
	fetched_at DATETIME, 
	reader INTEGER NOT NULL, 
	CONSTRAINT pk_document PRIMARY KEY (id), 
	CONSTRAINT fk_document_paper_id FOREIGN KEY(paper_id) REFERENCES paper (id), 
	CONSTRAINT fk_document_version_id FOREIGN KEY(version_id) REFERENCES paper_version (id), 
	CONSTRAINT uq_document_key UNIQUE ("key")
);
INSERT INTO "document" VALUES(1,'sha256:83641a4f8a4b69cc8002428414496568f76e9a93047ceca5e850260bc6edfb63:https://github.com/example/smallnet','repository','https://github.com/example/smallnet','83641a4f8a4b69cc8002428414496568f76e9a93047ceca5e850260bc6edfb63',NULL,NULL,'2026-11-26 06:52:28.000000',2);
INSERT INTO "document" VALUES(2,'seen:arXiv:2401.00009v2','seen','https://arxiv.org/abs/2401.00009v2',NULL,1,1,NULL,0);
INSERT INTO "document" VALUES(3,'evaluation:r1/best:vbd','evaluation','run r1/best',NULL,NULL,NULL,NULL,0);
CREATE TABLE grid (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	span TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	caption TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	rows TEXT NOT NULL, 
	CONSTRAINT pk_grid PRIMARY KEY (id), 
	CONSTRAINT fk_grid_document_id FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT uq_grid_document_id_span UNIQUE (document_id, span)
);
INSERT INTO "grid" VALUES(1,1,'p.md:55-241',1,'','','comparison','[["Model", "Params", "PESQ", "CSIG", "STOI"], ["Noisy", "-", "1.97", "3.35", "0.91"], ["OtherNet", "0.9M", "3.10", "4.40", "0.94"], ["SmallNet (ours)", "0.45M", "3.21", "4.50", "0.95"]]');
CREATE TABLE meta (
	name VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('kind','working');
CREATE TABLE model (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	own BOOLEAN NOT NULL, 
	made_by VARCHAR(16) NOT NULL, 
	parent_id INTEGER, 
	paper_id INTEGER, 
	unified_id INTEGER, 
	CONSTRAINT pk_model PRIMARY KEY (id), 
	CONSTRAINT fk_model_paper_id FOREIGN KEY(paper_id) REFERENCES paper (id), 
	CONSTRAINT fk_model_parent_id FOREIGN KEY(parent_id) REFERENCES model (id), 
	CONSTRAINT fk_model_unified_id FOREIGN KEY(unified_id) REFERENCES model (id), 
	CONSTRAINT uq_model_key UNIQUE ("key")
);
INSERT INTO "model" VALUES(1,'Noisy','Noisy','reference',0,'reader',NULL,NULL,NULL);
INSERT INTO "model" VALUES(2,'OtherNet','OtherNet','system',0,'reader',NULL,1,NULL);
INSERT INTO "model" VALUES(3,'SmallNet','SmallNet','system',0,'reader',NULL,NULL,NULL);
INSERT INTO "model" VALUES(4,'MyNet','MyNet','system',1,'hand',NULL,NULL,NULL);
CREATE TABLE model_fact (
	id INTEGER NOT NULL, 
	model_id INTEGER NOT NULL, 
	item VARCHAR(16) NOT NULL, 
	value VARCHAR(64) NOT NULL, 
	source TEXT NOT NULL, 
	remark TEXT NOT NULL, 
	made_by VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_model_fact PRIMARY KEY (id), 
	CONSTRAINT fk_model_fact_model_id FOREIGN KEY(model_id) REFERENCES model (id), 
	CONSTRAINT uq_model_fact_model_id_item_value UNIQUE (model_id, item, value)
);
CREATE TABLE model_name (
	id INTEGER NOT NULL, 
	model_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	folded TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_model_name PRIMARY KEY (id), 
	CONSTRAINT fk_model_name_model_id FOREIGN KEY(model_id) REFERENCES model (id), 
	CONSTRAINT uq_model_name_folded_scope_model_id UNIQUE (folded, scope, model_id)
);
INSERT INTO "model_name" VALUES(1,1,'Noisy','noisy','','reader');
INSERT INTO "model_name" VALUES(2,2,'OtherNet','othernet','','reader');
INSERT INTO "model_name" VALUES(3,3,'SmallNet','smallnet','','reader');
INSERT INTO "model_name" VALUES(4,4,'MyNet','mynet','','reader');
INSERT INTO "model_name" VALUES(5,2,'Other','other','','5cf6c9fbad404ff89e1e4bafd1264cae');
CREATE TABLE paper (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	title TEXT NOT NULL, 
	authors TEXT NOT NULL, 
	arxiv_id TEXT, 
	doi TEXT, 
	pmcid TEXT, 
	first_submitted DATE, 
	published DATE, 
	venue TEXT, 
	CONSTRAINT pk_paper PRIMARY KEY (id), 
	CONSTRAINT uq_paper_arxiv_id UNIQUE (arxiv_id), 
	CONSTRAINT uq_paper_doi UNIQUE (doi), 
	CONSTRAINT uq_paper_key UNIQUE ("key")
);
INSERT INTO "paper" VALUES(1,'arXiv:2401.00009','','[]','2401.00009',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE paper_version (
	id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	submitted DATE, 
	CONSTRAINT pk_paper_version PRIMARY KEY (id), 
	CONSTRAINT fk_paper_version_paper_id FOREIGN KEY(paper_id) REFERENCES paper (id), 
	CONSTRAINT uq_paper_version_paper_id_version UNIQUE (paper_id, version)
);
INSERT INTO "paper_version" VALUES(1,1,2,NULL);
CREATE TABLE protocol (
	id INTEGER NOT NULL, 
	digest VARCHAR(16) NOT NULL, 
	items TEXT NOT NULL, 
	CONSTRAINT pk_protocol PRIMARY KEY (id), 
	CONSTRAINT uq_protocol_digest UNIQUE (digest)
);
INSERT INTO "protocol" VALUES(1,'73b091cd79c61058','[["band", "WB", "inferred", "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band"]]');
INSERT INTO "protocol" VALUES(2,'4f53cda18c2baa0c','[]');
INSERT INTO "protocol" VALUES(3,'f94eccd729f8a2e6','[["band", "WB", "inferred", "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band by the field''s custom"]]');
INSERT INTO "protocol" VALUES(4,'695903df0e8aba02','[["selected_on", "validation", "stated", ""]]');
INSERT INTO "protocol" VALUES(5,'bc4b78b9372d670b','[["band", "WB", "inferred", "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band by the field''s custom"], ["selected_on", "validation", "stated", ""]]');
CREATE TABLE reading (
	id INTEGER NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	"by" VARCHAR(8) NOT NULL, 
	document_id INTEGER NOT NULL, 
	checkpoint_id INTEGER, 
	grid_id INTEGER, 
	span TEXT NOT NULL, 
	slot INTEGER NOT NULL, 
	table_no TEXT NOT NULL, 
	table_kind VARCHAR(16) NOT NULL, 
	row_no INTEGER, 
	column_no INTEGER, 
	page INTEGER, 
	label TEXT NOT NULL, 
	system TEXT NOT NULL, 
	folded TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	own BOOLEAN NOT NULL, 
	parent TEXT NOT NULL, 
	cites TEXT NOT NULL, 
	origin VARCHAR(16) NOT NULL, 
	metric VARCHAR(64) NOT NULL, 
	quantity VARCHAR(32) NOT NULL, 
	dataset VARCHAR(64) NOT NULL, 
	value FLOAT, 
	words TEXT NOT NULL, 
	printed TEXT NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	resolution FLOAT NOT NULL, 
	approximate VARCHAR(4) NOT NULL, 
	uncertainty FLOAT, 
	uncertainty_kind VARCHAR(16) NOT NULL, 
	protocol_id INTEGER NOT NULL, 
	confidence FLOAT NOT NULL, 
	reasons TEXT NOT NULL, 
	flags TEXT NOT NULL, 
	remark TEXT NOT NULL, 
	CONSTRAINT pk_reading PRIMARY KEY (id), 
	CONSTRAINT fk_reading_checkpoint_id FOREIGN KEY(checkpoint_id) REFERENCES checkpoint (id), 
	CONSTRAINT fk_reading_document_id FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_reading_grid_id FOREIGN KEY(grid_id) REFERENCES grid (id), 
	CONSTRAINT fk_reading_protocol_id FOREIGN KEY(protocol_id) REFERENCES protocol (id), 
	CONSTRAINT uq_reading_key UNIQUE ("key")
);
INSERT INTO "reading" VALUES(1,'30278f4fb6fc847aa35829c68c9c9869','reader',1,NULL,1,'p.md:130-136',0,'1','comparison',1,2,NULL,'Noisy','Noisy','noisy','reference',0,'','[]','','PESQ','PESQ','vbd',1.97,'','1.97','',0.01,'',NULL,'',1,0.9651,'["metric PESQ from header ''PESQ''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(2,'99330da1f68768a22e70ba7c9e25e50e','reader',1,NULL,1,'p.md:137-143',0,'1','comparison',1,3,NULL,'Noisy','Noisy','noisy','reference',0,'','[]','','CSIG','CSIG','vbd',3.35,'','3.35','',0.01,'',NULL,'',2,0.9651,'["metric CSIG from header ''CSIG''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(3,'389df91cfc7cf8d13feb43476950e289','reader',1,NULL,1,'p.md:144-150',0,'1','comparison',1,4,NULL,'Noisy','Noisy','noisy','reference',0,'','[]','','STOI','STOI','vbd',0.91,'','0.91','',0.01,'',NULL,'',2,0.9651,'["metric STOI from header ''STOI''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(4,'bfb61986a18935858efa4c3a02b0a36d','reader',1,NULL,1,'p.md:164-170',0,'1','comparison',2,1,NULL,'OtherNet','OtherNet','othernet','system',0,'','[]','','params','params','',900000.0,'','0.9M','count',100000.0,'',NULL,'',2,0.995,'["metric params from header ''Params''", "test set not told: does not depend on a test set"]','[]','');
INSERT INTO "reading" VALUES(5,'d41e111e3ad3bac0684e2e32a8fc44d3','reader',1,NULL,1,'p.md:171-177',0,'1','comparison',2,2,NULL,'OtherNet','OtherNet','othernet','system',0,'','[]','','PESQ','PESQ','vbd',3.1,'','3.10','',0.01,'',NULL,'',1,0.9651,'["metric PESQ from header ''PESQ''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(6,'f3c470943671c6ece7c57043a9669251','reader',1,NULL,1,'p.md:178-184',0,'1','comparison',2,3,NULL,'OtherNet','OtherNet','othernet','system',0,'','[]','','CSIG','CSIG','vbd',4.4,'','4.40','',0.01,'',NULL,'',2,0.9651,'["metric CSIG from header ''CSIG''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(7,'22dc3597bae181e24cf30e9b1fc2fd19','reader',1,NULL,1,'p.md:185-191',0,'1','comparison',2,4,NULL,'OtherNet','OtherNet','othernet','system',0,'','[]','','STOI','STOI','vbd',0.94,'','0.94','',0.01,'',NULL,'',2,0.9651,'["metric STOI from header ''STOI''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(8,'af70c0e4fb561aafa7b5c3ee68136ba5','reader',1,NULL,1,'p.md:212-219',0,'1','comparison',3,1,NULL,'SmallNet','SmallNet','smallnet','system',1,'','[]','','params','params','',450000.0,'','0.45M','count',10000.0,'',NULL,'',2,0.995,'["metric params from header ''Params''", "test set not told: does not depend on a test set"]','[]','');
INSERT INTO "reading" VALUES(9,'a793d39cb545e5f992ea387f05a9fdfe','reader',1,NULL,1,'p.md:220-226',0,'1','comparison',3,2,NULL,'SmallNet','SmallNet','smallnet','system',1,'','[]','','PESQ','PESQ','vbd',3.21,'','3.21','',0.01,'',NULL,'',1,0.9651,'["metric PESQ from header ''PESQ''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(10,'0fc38f3ad9758d4c963880ddaa6aa4b0','reader',1,NULL,1,'p.md:227-233',0,'1','comparison',3,3,NULL,'SmallNet','SmallNet','smallnet','system',1,'','[]','','CSIG','CSIG','vbd',4.5,'','4.50','',0.01,'',NULL,'',2,0.9651,'["metric CSIG from header ''CSIG''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(11,'64f0028d80d39a07ce98b2397df92c5a','reader',1,NULL,1,'p.md:234-240',0,'1','comparison',3,4,NULL,'SmallNet','SmallNet','smallnet','system',1,'','[]','','STOI','STOI','vbd',0.95,'','0.95','',0.01,'',NULL,'',2,0.9651,'["metric STOI from header ''STOI''", "test set VoiceBank+DEMAND: the unprocessed row has the values of this test set"]','[]','');
INSERT INTO "reading" VALUES(12,'41392f166a8de8cb1b552467919b0b85','hand',2,NULL,NULL,'',0,'2','comparison',3,NULL,NULL,'OtherNet','OtherNet','othernet','system',1,'','[]','self','PESQ','PESQ','vbd',3.15,'','3.15','',0.01,'',NULL,'',2,1.0,'[]','[]','');
INSERT INTO "reading" VALUES(13,'dcea4a9c9accca3f9c90204acee08769','run',3,1,NULL,'',0,'','comparison',NULL,NULL,NULL,'MyNet','MyNet','mynet','system',0,'','[]','measured','PESQ','PESQ','vbd',2.91,'','2.91','',0.01,'',NULL,'',4,1.0,'[]','[]','');
INSERT INTO "reading" VALUES(14,'aa67512868d3561f00ed761714c62bd1','run',3,1,NULL,'',0,'','comparison',NULL,NULL,NULL,'MyNet','MyNet','mynet','system',0,'','[]','measured','params','params','',460000.0,'','0.46M','M',10000.0,'',NULL,'',2,1.0,'[]','[]','');
CREATE TABLE result (
	id INTEGER NOT NULL, 
	reading_id INTEGER NOT NULL, 
	source_row_id INTEGER NOT NULL, 
	metric VARCHAR(64) NOT NULL, 
	quantity VARCHAR(32) NOT NULL, 
	dataset VARCHAR(64) NOT NULL, 
	value FLOAT, 
	printed TEXT NOT NULL, 
	resolution FLOAT NOT NULL, 
	protocol_id INTEGER NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_result PRIMARY KEY (id), 
	CONSTRAINT fk_result_protocol_id FOREIGN KEY(protocol_id) REFERENCES protocol (id), 
	CONSTRAINT fk_result_reading_id FOREIGN KEY(reading_id) REFERENCES reading (id), 
	CONSTRAINT fk_result_source_row_id FOREIGN KEY(source_row_id) REFERENCES source_row (id), 
	CONSTRAINT uq_result_reading_id UNIQUE (reading_id)
);
INSERT INTO "result" VALUES(12,12,4,'PESQ','PESQ','vbd',3.15,'3.15',0.01,3,'accepted');
INSERT INTO "result" VALUES(13,13,5,'PESQ','PESQ','vbd',2.91,'2.91',0.01,5,'accepted');
INSERT INTO "result" VALUES(14,14,5,'params','params','',460000.0,'0.46M',10000.0,2,'accepted');
INSERT INTO "result" VALUES(15,1,6,'PESQ','PESQ','vbd',1.97,'1.97',0.01,1,'accepted');
INSERT INTO "result" VALUES(16,2,6,'CSIG','CSIG','vbd',3.35,'3.35',0.01,2,'accepted');
INSERT INTO "result" VALUES(17,3,6,'STOI','STOI','vbd',0.91,'0.91',0.01,2,'accepted');
INSERT INTO "result" VALUES(18,4,7,'params','params','',900000.0,'0.9M',100000.0,2,'accepted');
INSERT INTO "result" VALUES(19,5,7,'PESQ','PESQ','vbd',3.1,'3.10',0.01,1,'accepted');
INSERT INTO "result" VALUES(20,6,7,'CSIG','CSIG','vbd',4.4,'4.40',0.01,2,'accepted');
INSERT INTO "result" VALUES(21,7,7,'STOI','STOI','vbd',0.94,'0.94',0.01,2,'accepted');
INSERT INTO "result" VALUES(22,8,8,'params','params','',450000.0,'0.45M',10000.0,2,'accepted');
INSERT INTO "result" VALUES(23,9,8,'PESQ','PESQ','vbd',3.22,'3.22',0.01,1,'accepted');
INSERT INTO "result" VALUES(24,10,8,'CSIG','CSIG','vbd',4.5,'4.50',0.01,2,'accepted');
INSERT INTO "result" VALUES(25,11,8,'STOI','STOI','vbd',0.95,'0.95',0.01,2,'accepted');
CREATE TABLE run (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	model_id INTEGER NOT NULL, 
	recipe TEXT NOT NULL, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (id), 
	CONSTRAINT fk_run_model_id FOREIGN KEY(model_id) REFERENCES model (id), 
	CONSTRAINT uq_run_key UNIQUE ("key")
);
INSERT INTO "run" VALUES(1,'r1',4,'','{}');
CREATE TABLE source_row (
	id INTEGER NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	model_id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	checkpoint_id INTEGER, 
	table_no TEXT NOT NULL, 
	table_kind VARCHAR(16) NOT NULL, 
	label TEXT NOT NULL, 
	origin VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_source_row PRIMARY KEY (id), 
	CONSTRAINT fk_source_row_checkpoint_id FOREIGN KEY(checkpoint_id) REFERENCES checkpoint (id), 
	CONSTRAINT fk_source_row_document_id FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_source_row_model_id FOREIGN KEY(model_id) REFERENCES model (id), 
	CONSTRAINT uq_source_row_key UNIQUE ("key")
);
INSERT INTO "source_row" VALUES(4,'d47373785732897de29d613362a448df',2,2,NULL,'2','comparison','OtherNet','self');
INSERT INTO "source_row" VALUES(5,'beb2751880c690e60ab562aa90fb2530',4,3,1,'','comparison','MyNet','measured');
INSERT INTO "source_row" VALUES(6,'b2d4d8972181e6a10353dad884ce8ac8',1,1,NULL,'1','comparison','Noisy','quoted');
INSERT INTO "source_row" VALUES(7,'b3167983b1955455699c688fd1b5b776',2,1,NULL,'1','comparison','OtherNet','quoted');
INSERT INTO "source_row" VALUES(8,'02f561af7c85982f45a31736afa88bab',3,1,NULL,'1','comparison','SmallNet','repository');
CREATE TABLE utterance_score (
	checkpoint_id INTEGER NOT NULL, 
	dataset VARCHAR(64) NOT NULL, 
	utterance TEXT NOT NULL, 
	metric VARCHAR(64) NOT NULL, 
	value FLOAT, 
	error TEXT NOT NULL, 
	CONSTRAINT pk_utterance_score PRIMARY KEY (checkpoint_id, dataset, utterance, metric), 
	CONSTRAINT fk_utterance_score_checkpoint_id FOREIGN KEY(checkpoint_id) REFERENCES checkpoint (id)
);
CREATE INDEX ix_decision_target ON decision (target);
CREATE INDEX ix_paper_version_paper_id ON paper_version (paper_id);
CREATE INDEX ix_document_paper_id ON document (paper_id);
CREATE INDEX ix_model_name_model_id ON model_name (model_id);
CREATE INDEX ix_checkpoint_run_id ON checkpoint (run_id);
CREATE INDEX ix_grid_document_id ON grid (document_id);
CREATE INDEX ix_reading_checkpoint_id ON reading (checkpoint_id);
CREATE INDEX ix_reading_document_id ON reading (document_id);
CREATE INDEX ix_reading_folded ON reading (folded);
CREATE INDEX ix_reading_grid_id ON reading (grid_id);
CREATE INDEX ix_source_row_checkpoint_id ON source_row (checkpoint_id);
CREATE INDEX ix_source_row_document_id ON source_row (document_id);
CREATE INDEX ix_source_row_model_id ON source_row (model_id);
CREATE INDEX ix_result_range ON result (quantity, dataset, value, source_row_id);
CREATE INDEX ix_result_source_row_id ON result (source_row_id);
COMMIT;
