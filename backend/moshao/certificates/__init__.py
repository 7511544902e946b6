"""A certificate authority of the installation's own, where no public certificate can be had, and the page that
brings it onto phones."""
