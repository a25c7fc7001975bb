"""What machines may accept without a person: policy, random checks, certificates, and what these allow.

The statistics are `apps.classification.engine.certify`; here is which documents they are about. Items are drawn by the
hash of their document and a secret of the workspace, and written down before anybody looked at them, so that what
people choose to correct plays no part.
"""
